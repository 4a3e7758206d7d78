import { PlatformConfig, parseConfig } from "@suar/runtime";

export function readConfig(): PlatformConfig {
  return parseConfig(PlatformConfig, process.env);
}
