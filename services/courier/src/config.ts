import { networkList, PlatformConfig, parseConfig } from "@suar/runtime";
import { z } from "zod";

export const CourierConfig = PlatformConfig.extend({
  SUAR_WEBHOOK_ALLOW: networkList(
    "CIDRs that webhooks may go to although they are private, as 127.0.0.0/8; for tests and closed networks",
  ),
  SUAR_WEBHOOK_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(15_000)
    .meta({ unit: "milliseconds", description: "Longest wait for a webhook's answer" }),
});
export type CourierConfig = z.infer<typeof CourierConfig>;

export function readConfig(): CourierConfig {
  return parseConfig(CourierConfig, process.env);
}
