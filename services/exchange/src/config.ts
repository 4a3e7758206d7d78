import { PlatformConfig, parseConfig } from "@suar/runtime";

export const ExchangeConfig = PlatformConfig;

export function readConfig(): PlatformConfig {
  return parseConfig(ExchangeConfig, process.env);
}
