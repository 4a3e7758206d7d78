import { networkList, PlatformConfig, parseConfig } from "@suar/runtime";
import { z } from "zod";

const MEBIBYTE = 1024 * 1024;

export const IntakeConfig = PlatformConfig.extend({
  SUAR_SUBMISSION_LIMIT: z.coerce
    .number()
    .int()
    .min(1024)
    .default(1024 * MEBIBYTE)
    .meta({
      unit: "bytes",
      description: "Longest submission that is read in parts (CSV, text, MISP, Shadowserver)",
    }),
  SUAR_DOCUMENT_LIMIT: z.coerce
    .number()
    .int()
    .min(1024)
    .default(32 * MEBIBYTE)
    .meta({
      unit: "bytes",
      description:
        "Longest submission that is read and planned as a whole (STIX, CSAF, reports, mail), and longest answer of a source",
    }),
  SUAR_NORMALIZERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(3)
    .meta({ unit: "jobs", description: "Submissions that one process normalizes at a time" }),
  SUAR_SOURCE_ALLOW: networkList(
    "CIDRs that sources may pull from although they are private, as 127.0.0.0/8; for tests and closed networks",
  ),
  SUAR_MAILBOX_DIR: z
    .string()
    .transform((text) => (text.trim() === "" ? undefined : text.trim()))
    .optional()
    .describe(
      "Folder of the folders that mail is dropped into, as SG/inbox for SG's source with the folder inbox; absent: there are no such sources",
    ),
  SUAR_SOURCE_TIMEOUT_MS: z.coerce.number().int().min(100).max(300_000).default(30_000).meta({
    unit: "milliseconds",
    description:
      "Longest wait for a source's answer, and between two parts of it; ten times that for all of one, thirty times for a pull",
  }),
});
export type IntakeConfig = z.infer<typeof IntakeConfig>;

export function readConfig(): IntakeConfig {
  return parseConfig(IntakeConfig, process.env);
}
