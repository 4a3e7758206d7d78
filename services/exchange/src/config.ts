import { join } from "node:path";
import { PlatformConfig, parseConfig } from "@suar/runtime";
import { z } from "zod";

export const ExchangeConfig = PlatformConfig.extend({
  SUAR_CHECKPOINT_DIR: z
    .string()
    .trim()
    .optional()
    .describe("Where the logs' last checkpoints are kept outside of PostgreSQL; absent: in SUAR_DATA_DIR"),
});
export type ExchangeConfig = z.infer<typeof ExchangeConfig>;

export function readConfig(): ExchangeConfig {
  return parseConfig(ExchangeConfig, process.env);
}

/** Not on the same disk as the database, where there is another: they would be set back together. */
export function checkpointDirectory(config: ExchangeConfig): string {
  return config.SUAR_CHECKPOINT_DIR || join(config.SUAR_DATA_DIR, "checkpoints");
}
