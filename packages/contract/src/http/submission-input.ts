import { FormatName } from "@suar/formats";
import { Purpose } from "@suar/policy";
import { isTimestamp } from "@suar/stix";
import { z } from "zod";
import { Flag } from "./shared.ts";

const WebAddress = z.url({ protocol: /^https?$/ }).max(2000);

/** Where a submission's content was pulled from. */
export const Origin = z.object({
  url: z
    .url({ protocol: /^(?:https?|mailbox)$/ })
    .max(2000)
    .describe(
      "Address of the collection, feed or file that it was pulled from; `mailbox:folder/file` of a message",
    ),
  added: z
    .string()
    .max(64)
    .refine(isTimestamp, "Has to be a timestamp such as 2026-01-02T03:04:05.000000Z")
    .optional()
    .describe("When the last of its objects was added or changed there, as the server says"),
});
export type Origin = z.infer<typeof Origin>;

export const SubmissionQuery = z.object({
  tlp: z
    .string()
    .max(40)
    .optional()
    .describe("Marking for what the content leaves unmarked; the stricter wins"),
  pap: z.string().max(20).optional(),
  to: z
    .string()
    .max(2000)
    .optional()
    .describe(
      "Codes of the organisations it is for, with commas: MY,TH,SG:power-grid, and public for everybody; or, for TLP:RED, people alone: person:<id>,person:<id>",
    ),
  purpose: Purpose.optional().describe(
    "What it is shared for, which policies of pairs may ask; where nobody says, defence",
  ),
  expires: z
    .string()
    .max(64)
    .refine(isTimestamp, "Has to be a timestamp such as 2027-01-02T03:04:05Z")
    .optional()
    .describe("From then on nobody but you sees it any more; an indicator's valid_until is not that"),
  noForward: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional()
    .describe(
      "For those alone whom to= names themselves, not for their agencies; false ends it for a newer version",
    ),
  releasableTo: z
    .string()
    .max(2000)
    .optional()
    .describe(
      "Codes of the members, agencies and groups that it may go to at all, with commas, whatever its marking allows",
    ),
  format: z
    .string()
    .max(20)
    .optional()
    .describe(`One of ${FormatName.options.join(", ")}; else the content type, else detection`),
  kind: z.enum(["incident"]).optional().describe("`incident`: read free text as an incident report"),
  origin: WebAddress.optional().describe(
    "Address of the collection, feed or file that it was pulled from: what you hold already with the same content, whoever stated it, is unchanged then, and objects marked TLP:RED are rejected one by one",
  ),
  originAdded: Origin.shape.added,
  dryRun: Flag,
});
export type SubmissionQuery = z.infer<typeof SubmissionQuery>;

const Text = z.string();

/** What a submission may hold, by content type. */
export const submissionBodies = {
  "application/json": Text.describe("STIX, MISP, CSAF or Suar's own incident report, by detection"),
  "application/xml": Text.describe("IODEF or OpenIOC, by detection"),
  "message/rfc822": Text.describe("A message of e-mail, or a report of abuse in X-ARF"),
  "application/stix+json": Text.describe("A STIX bundle, 2.1 or 2.0"),
  "application/vnd.suar.incident+json": Text.describe(
    "Suar's own incident report (/v1/schemas/incident-report)",
  ),
  "application/zip": z.file().describe("A MISP feed: its manifest and its events"),
  "application/gzip": z.file().describe("A MISP feed as tar, or one document"),
  "text/csv": Text.describe("A report of Shadowserver, a table with a header, or a list of values"),
  "text/plain": Text.describe("Any text; what is defanged in it is found"),
  "multipart/form-data": z
    .object({
      ...SubmissionQuery.partial().shape,
      file: z.file().describe("The one file, after the fields"),
    })
    .describe("The parameters as fields, and a file"),
};

/** What input is refused with. */
export const inputProblems = [
  "malformed-json",
  "malformed-xml",
  "malformed-yaml",
  "forbidden-dtd",
  "malformed-utf8",
  "forbidden-key",
  "too-deep",
  "too-large",
  "unknown-format",
  "unsupported-media-type",
  "not-a-bundle",
  "bad-header",
  "malformed-archive",
  "bad-report",
  "empty",
  "unmarked",
  "unknown-marking",
  "unknown-member",
  "red-needs-people",
  "people-need-red",
  "unknown-person",
  "idempotency-mismatch",
] as const;
