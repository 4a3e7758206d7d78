import { CourierConfig } from "@suar/courier";
import { ExchangeConfig } from "@suar/exchange";
import { IntakeConfig } from "@suar/intake";
import { parseConfig } from "@suar/runtime";
import { z } from "zod";

/** All services' settings: in one process each of them reads the same environment. */
export const StandaloneConfig = z.object({
  ...IntakeConfig.shape,
  ...ExchangeConfig.shape,
  ...CourierConfig.shape,
});
export type StandaloneConfig = z.infer<typeof StandaloneConfig>;

export function readConfig(): StandaloneConfig {
  return parseConfig(StandaloneConfig, process.env);
}
