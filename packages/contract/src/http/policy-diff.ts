import { ContentClass, Decision, Obligation, Operation, PairPolicy, PiiClass, Reason } from "@suar/policy";
import { z } from "zod";
import { Problem } from "../errors.ts";
import { defineRoute } from "./define.ts";
import { PairName } from "./policies.ts";
import { IdParams, Instant, ToldName } from "./shared.ts";

const DecisionTold = z.object({
  decision: Decision,
  reasons: z.array(Reason).describe("With places in the object where it is your own organisation's"),
  approvers: z.array(z.string()).describe("Who must agree first"),
  fourEyes: z.boolean(),
  redactions: z.array(z.object({ op: Operation, class: PiiClass, path: z.string().optional() })),
  obligations: z.array(Obligation),
});

export const PolicyDiffExample = z.object({
  object: z.object({
    id: z.string().describe("As you know it"),
    type: z.string(),
    producer: z.string(),
  }),
  recipient: ToldName.describe(
    "Who would have it; `XX:*` for agencies of another member, whichever it has, as far as you did not name them",
  ),
  before: DecisionTold,
  after: DecisionTold,
});
export type PolicyDiffExample = z.infer<typeof PolicyDiffExample>;

export const PolicyDiffChange = z.object({
  contentClass: ContentClass,
  before: Decision,
  after: Decision,
  count: z.int().describe("Decisions: one for each version and recipient that you are told of"),
  wider: z.int().describe("Of these, how many let somebody have more, or ask less of anybody"),
  examples: z.array(PolicyDiffExample),
});
export type PolicyDiffChange = z.infer<typeof PolicyDiffChange>;

/** `released`: by the exporter's CERT, and what it has of its agencies; `received`: by the importer's CERT itself. */
export const PolicyDiff = z.object({
  pair: PairName,
  version: z.int(),
  hash: z.string(),
  since: Instant,
  until: Instant,
  of: z.enum(["released", "received"]),
  versions: z.int().describe("Versions of objects that were decided twice"),
  decisions: z.int(),
  unchanged: z.int(),
  wider: z.int(),
  changes: z.array(PolicyDiffChange),
});
export type PolicyDiff = z.infer<typeof PolicyDiff>;

/** One line of the answer. The last one is a `diff`, or a `problem`: it takes long, and may break off. */
export const PolicyDiffLine = z.discriminatedUnion("line", [
  z.object({ line: z.literal("progress"), done: z.int(), total: z.int() }),
  z.object({ line: z.literal("diff"), diff: PolicyDiff }),
  z.object({ line: z.literal("problem"), problem: Problem }),
]);
export type PolicyDiffLine = z.infer<typeof PolicyDiffLine>;

const answer = {
  tag: "policies",
  roles: ["officer"],
  status: 200,
  reply: PolicyDiffLine,
  replyType: "application/x-ndjson",
  problems: ["not-found", "conflict", "in-progress"],
} as const;

const WHAT = [
  "Every version of the last 90 days is decided twice: by the policies in force, and with this one put in, as if its time had come.",
  "The exporter's officer is told of what its CERT released or asked approval for, and of what it has of its agencies; the importer's of what its CERT received and can read still, for itself alone.",
  "The answer is a line of JSON each time: `progress`, and at the end `diff` or `problem`. It is worked out by itself: whoever leaves may ask again, and finds it further on.",
].join(" ");

export const diffProposal = defineRoute({
  ...answer,
  method: "GET",
  path: "/v1/policy-proposals/:id/diff",
  summary: "What a proposal would have changed in the last 90 days",
  description: WHAT,
  params: IdParams,
});

export const diffPolicy = defineRoute({
  ...answer,
  method: "POST",
  path: "/v1/policies/:pair/diff",
  summary: "The same for a policy that is not proposed yet",
  description: WHAT,
  onlyReads: true,
  params: z.object({ pair: PairName }),
  body: z.strictObject({ policy: PairPolicy }),
  problems: ["conflict", "in-progress"],
});

export const policyDiffRoutes = { diffProposal, diffPolicy };
