import { networkList, PlatformConfig, parseConfig } from "@suar/runtime";
import { z } from "zod";

const MEBIBYTE = 1024 * 1024;

export const IntakeConfig = PlatformConfig.extend({
  SUAR_SUBMISSION_LIMIT: z.coerce
    .number()
    .int()
    .min(1024)
    .default(256 * MEBIBYTE)
    .describe("Most bytes of a streamed submission (CSV, text)"),
  SUAR_DOCUMENT_LIMIT: z.coerce
    .number()
    .int()
    .min(1024)
    .default(32 * MEBIBYTE)
    .describe("Most bytes of a submission that is read as a whole (JSON)"),
  SUAR_NORMALIZERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(3)
    .describe("Submissions that one process normalizes at a time"),
  SUAR_SOURCE_ALLOW: networkList(
    "CIDRs that sources may pull from although they are private, as 127.0.0.0/8; for tests and closed networks",
  ),
  SUAR_SOURCE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(300_000)
    .default(30_000)
    .describe("Longest wait for a server's answer, and between two parts of it"),
});
export type IntakeConfig = z.infer<typeof IntakeConfig>;

export function readConfig(): IntakeConfig {
  return parseConfig(IntakeConfig, process.env);
}
