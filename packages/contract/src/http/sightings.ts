import { isTimestamp } from "@suar/stix";
import { z } from "zod";
import { defineRoute } from "./define.ts";
import { SightingType } from "./life.ts";
import { DryRun, SubmissionStatus } from "./submissions.ts";

const MOST_SIGHTINGS = 1_000;

const Seen = z.string().max(64).refine(isTimestamp, "Has to be a timestamp such as 2027-01-02T03:04:05Z");

const What = z.strictObject({
  type: SightingType.default("positive"),
  firstSeen: Seen.optional(),
  lastSeen: Seen.optional().describe("Now, where nothing is said"),
  count: z.int().min(1).max(999_999_999).optional().describe("How often it was seen: of positive ones alone"),
  description: z.string().trim().min(1).max(2_000).optional(),
});

/** Under which marking, for whom; as a submission's parameters have it. */
const Said = z.strictObject({
  tlp: z.string().max(40).describe("Its own marking; that of what was sighted holds where it is stricter"),
  pap: z.string().max(20).optional(),
  to: z
    .string()
    .max(2_000)
    .optional()
    .describe(
      "Codes of organisations, with commas; where nobody is named, the community of what GREEN and CLEAR is, and of AMBER its originator",
    ),
});

export const SightingReport = z.strictObject({ ...What.shape, ...Said.shape });
export type SightingReport = z.input<typeof SightingReport>;

const OfSomething = z
  .strictObject({
    ...What.shape,
    of: z.string().max(200).optional().describe("A STIX id: an indicator's, or of another SDO"),
    value: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .optional()
      .describe(
        "A value, defanged is fine: every indicator that you may see and that looks for it by itself",
      ),
  })
  .refine(({ of, value }) => (of === undefined) !== (value === undefined), "Either `of` or `value`");

export const SightingReports = z.strictObject({
  ...Said.shape,
  sightings: z.array(OfSomething).min(1).max(MOST_SIGHTINGS),
});
export type SightingReports = z.input<typeof SightingReports>;

const tag = "submissions";
const roles = ["analyst"] as const;
const Accepted = z.object({
  submissions: z
    .array(z.object({ id: z.uuid(), status: SubmissionStatus, links: z.object({ self: z.string() }) }))
    .describe(
      "Under which they go the way of every submission: what is for the community, and what is for originators",
    ),
  sightings: z.array(z.object({ id: z.string(), of: z.string(), submission: z.uuid() })),
});
const problems = [
  "not-found",
  "unmarked",
  "unknown-marking",
  "unknown-member",
  "red-needs-people",
  "people-need-red",
  "unknown-person",
  "too-large",
] as const;
const whatHappens =
  "Each becomes a STIX sighting of your organisation's, which is released like everything that is submitted: to nobody who may not know of what was sighted. Under TLP:RED nothing is sighted.";

export const reportSighting = defineRoute({
  method: "POST",
  path: "/v1/objects/:id/sightings",
  tag,
  summary: "Say that you saw what this object tells of, or did not, or that it is over",
  description: whatHappens,
  roles,
  params: z.object({ id: z.string().max(200) }),
  body: SightingReport,
  status: 202,
  reply: Accepted,
  problems,
});

export const reportSightings = defineRoute({
  method: "POST",
  path: "/v1/sightings",
  tag,
  summary: "Say so of many at once, by id or by value",
  description: `${whatHappens} Where one of them is of nothing that you may see, none is taken, and \`errors\` names it.`,
  roles,
  body: SightingReports,
  status: 202,
  reply: Accepted,
  problems,
});

export const previewSightings = defineRoute({
  method: "POST",
  path: "/v1/sightings/preview",
  tag,
  summary: "What sightings would become, and who would receive them; nothing is stored",
  roles,
  onlyReads: true,
  body: SightingReports,
  status: 200,
  reply: z.object({ previews: z.array(DryRun) }),
  problems,
});

export const sightingRoutes = { reportSighting, reportSightings, previewSightings };
