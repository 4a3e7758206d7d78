import { FormatName } from "@suar/formats";
import { z } from "zod";
import { Approval } from "./approvals.ts";
import { defineRoute } from "./define.ts";
import { DryRunDecision, DryRunWarning, ToldGuideEntry } from "./explain.ts";
import { IndicatorLife } from "./life.ts";
import { IdParams, Instant, PageQuery, pageOf, ToldName } from "./shared.ts";
import { inputProblems, Origin, SubmissionQuery, submissionBodies } from "./submission-input.ts";
import { WarningHit } from "./warning-lists.ts";

export const SubmissionStatus = z.enum(["received", "normalizing", "done", "failed"]);
export type SubmissionStatus = z.infer<typeof SubmissionStatus>;

export const Counts = z.object({
  records: z.int(),
  accepted: z.int().describe("New, or a newer version"),
  merged: z.int().describe("The same thing twice in this submission"),
  unchanged: z.int().describe("You had said the same before; of what was pulled: you hold it already"),
  rejected: z.int(),
});
export type Counts = z.infer<typeof Counts>;

export const RecordOutcome = z.object({
  index: z.int().describe("Which record of the input, from 0"),
  at: z.string().optional().describe("Where it stands in the input: a line or a JSON pointer"),
  outcome: z.enum(["accepted", "merged", "unchanged", "rejected"]),
  code: z.string().optional(),
  reason: z.string().optional(),
  ids: z.array(z.string()).describe("STIX ids that came of it"),
  onLists: z
    .array(WarningHit)
    .optional()
    .describe(
      "Warning lists that a value of it is on, at most ten: it is released, and the value is in no blocklist",
    ),
  waiting: z
    .array(ToldName)
    .optional()
    .describe("Organisations that receive it only when data officers have agreed"),
});
export type RecordOutcome = z.infer<typeof RecordOutcome>;

export const Loss = z.object({
  index: z.int(),
  at: z.string(),
  field: z.string(),
  reason: z.string(),
});
export type Loss = z.infer<typeof Loss>;

export const Submission = z.object({
  id: z.uuid(),
  status: SubmissionStatus,
  format: FormatName,
  receivedAt: Instant,
  finishedAt: Instant.nullable(),
  bytes: z.int(),
  sha256: z.string(),
  counts: Counts,
  origin: Origin.optional().describe("Where its content was pulled from; absent where you wrote it"),
  problem: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .describe("Why the whole of it failed"),
  links: z.object({ self: z.string() }),
});
export type Submission = z.infer<typeof Submission>;

/** What somebody receives only when others have agreed, and what became of that. */
export const SubmissionApproval = Approval.pick({
  id: true,
  state: true,
  organisations: true,
  asked: true,
  deadline: true,
  settledAt: true,
  refusal: true,
  lapsed: true,
}).extend({ object: z.string() });
export type SubmissionApproval = z.infer<typeof SubmissionApproval>;

export const SubmissionDetail = Submission.extend({
  records: z.array(RecordOutcome),
  approvals: z
    .array(SubmissionApproval)
    .default([])
    .describe(
      "Of the objects of these records, at most 500: what waits for whom, and what was approved or not",
    ),
  losses: z.array(Loss).describe("Fields that Suar could not carry, at most 1,000 of them"),
  lossesInAll: z.int(),
  next: z.string().optional().describe("`after` of the next page of records"),
});
export type SubmissionDetail = z.infer<typeof SubmissionDetail>;

export const DryRun = z.object({
  dryRun: z.literal(true),
  format: FormatName,
  counts: Counts,
  records: z.array(
    RecordOutcome.extend({ objects: z.array(z.looseObject({ type: z.string(), id: z.string() })) }),
  ),
  losses: z.array(Loss),
  lives: z
    .array(IndicatorLife.extend({ object: z.string() }))
    .default([])
    .describe("How sure each indicator is, and until when it is good: at most 50 of them"),
  warnings: z.array(DryRunWarning).describe("What was taken for granted that only you can know"),
  recipients: z
    .array(
      z.object({
        organisation: ToldName,
        objects: z.int(),
        redacted: z
          .int()
          .describe(
            "How many of them as copies: without the personal data that may not go there, and naming nothing that the organisation may not know of",
          ),
        reasons: z.array(z.string()),
      }),
    )
    .describe("Who would receive how many of the objects, and why"),
  people: z
    .array(
      z.object({
        person: z.uuid(),
        organisation: z.string(),
        title: z.string(),
        objects: z.int(),
        redacted: z.int(),
      }),
    )
    .optional()
    .describe("Of TLP:RED: the people who would have it in their inboxes, and how much of it is new to them"),
  waiting: z
    .array(z.object({ organisation: ToldName, objects: z.int(), approvers: z.array(z.string()) }))
    .describe("Who would receive how many of the objects only when these have agreed"),
  decisions: z
    .array(DryRunDecision)
    .describe(
      "Why: who would receive which of the objects and who would not, and by which rules; what `GET /v1/explain` tells once they are released. Of what you had stated before and nobody newly receives nothing is decided",
    ),
  decisionsInAll: z.int().describe("How many there are; at most 50 are told"),
  guide: z.array(ToldGuideEntry).describe("The entries of the comparative guide that reasons name"),
  truncated: z.boolean().describe("True when only the first records were looked at"),
});
export type DryRun = z.infer<typeof DryRun>;

const tag = "submissions";
export const submit = defineRoute({
  method: "POST",
  path: "/v1/submissions",
  tag,
  summary: "Submit a report or indicators in any format",
  description:
    "Answers 202 once the bytes are durable. With dryRun=true it answers 200 with what would be understood, lost and received by whom, and stores nothing. Idempotency-Key makes a repeat harmless. A multipart form may give the parameters as fields before its one file.",
  roles: ["analyst"],
  query: SubmissionQuery,
  rawBodies: submissionBodies,
  status: 202,
  reply: z.object({ id: z.uuid(), status: SubmissionStatus, links: z.object({ self: z.string() }) }),
  otherReplies: { 200: DryRun.describe("The answer to dryRun=true") },
  problems: inputProblems,
});

export const getSubmission = defineRoute({
  method: "GET",
  path: "/v1/submissions/:id",
  tag,
  summary: "A submission's progress and what became of each record",
  roles: ["analyst", "officer"],
  params: IdParams,
  query: PageQuery,
  status: 200,
  reply: SubmissionDetail,
  problems: ["not-found", "bad-cursor"],
});

export const listSubmissions = defineRoute({
  method: "GET",
  path: "/v1/submissions",
  tag,
  summary: "Your organisation's submissions, newest first",
  roles: ["analyst", "officer"],
  query: PageQuery,
  status: 200,
  reply: pageOf(Submission),
  problems: ["bad-cursor"],
});

export const incidentReportSchema = defineRoute({
  method: "GET",
  path: "/v1/schemas/incident-report",
  tag,
  summary: "JSON Schema of the incident report",
  roles: "anyone",
  status: 200,
  reply: z.looseObject({}),
});

export const submissionRoutes = { submit, getSubmission, listSubmissions, incidentReportSchema };
