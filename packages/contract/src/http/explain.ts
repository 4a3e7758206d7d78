import { BasisKind, BasisStatus, Decision, Importer, Obligation, Operation, PiiClass } from "@suar/policy";
import { z } from "zod";
import { defineRoute } from "./define.ts";
import { SentRed } from "./inbox.ts";
import { PairName, PolicyStanding } from "./policies.ts";
import { Instant, ToldName } from "./shared.ts";

/** A place in an object and what is done to it there; of very many, the first. */
export const ToldRedaction = z.object({ path: z.string(), op: Operation, class: PiiClass });

/** Why, with where the rule is to be read. */
export const ToldReason = z.object({
  code: z
    .string()
    .describe(
      "From the closed list of packages/policy; `nothing-left` where a copy would say nothing any more",
    ),
  rule: z.string().describe("`pairs/CN-SG.json@1#cn.quota` where it is a pair's: file, version, rule"),
  source: z.string().describe("The text that the rule stands on"),
  file: z.string().nullable().describe("In the repository; null for a rule that members signed"),
  policy: z
    .object({
      pair: PairName,
      version: z.int(),
      standing: PolicyStanding,
      page: z.string().describe("Where people read it"),
    })
    .nullable()
    .describe("The policy of the pair; null for a rule of markings"),
  guide: z.array(z.string()).describe("Entries of the comparative guide, which the answer has"),
  paths: z.array(z.string()).describe("The places that it is about"),
});
export type ToldReason = z.infer<typeof ToldReason>;

/** An entry of the comparative guide, as far as a reason needs it. */
export const ToldGuideEntry = z.object({
  id: z.string(),
  subject: z.string(),
  difference: z.string(),
  resulting: z.string(),
  source: z.string(),
  verified: z.boolean().describe("Whether somebody held it against the texts themselves"),
});
export type ToldGuideEntry = z.infer<typeof ToldGuideEntry>;

/** The ground on which it crosses a border. */
export const ToldBasis = z.object({
  pair: z.string().describe("`CN>SG`"),
  version: z.int(),
  id: z.string(),
  kind: BasisKind,
  status: BasisStatus,
});
export type ToldBasis = z.infer<typeof ToldBasis>;

/** What a decision does to an object, without saying why. */
export const ToldTreatment = z.object({
  decision: Decision.describe(
    "`redact`: as a copy, without what is in `redactions`, or with other names; `approve`: when the approvers have agreed",
  ),
  redactions: z.array(ToldRedaction).describe("At most 100 of them"),
  redactionsInAll: z.int(),
  obligations: z.array(Obligation).describe("What the recipient undertakes"),
  bases: z.array(ToldBasis),
  pii: z.record(z.string(), z.int()).describe("Individuals that were found, by kind of personal data"),
  policyHash: z.string().describe("Of the whole set of policies that it was decided under"),
});
export type ToldTreatment = z.infer<typeof ToldTreatment>;

export const ToldDecision = ToldTreatment.extend({
  reasons: z.array(ToldReason),
  approvers: z.array(z.string()).describe("Each of them has to agree"),
  fourEyes: z.boolean().describe("Two people of each"),
  deadlineHours: z.int().nullable().describe("How long they are waited for"),
  names: z
    .array(z.object({ id: z.string(), shown: z.string().nullable() }))
    .describe(
      "What the copy names under another id, or (null) not at all, since the recipient may not know of it",
    ),
});
export type ToldDecision = z.infer<typeof ToldDecision>;

/** A decision that was kept with an entry of the log: what its receipt commits to. */
export const KeptDecision = ToldTreatment.extend({
  reasons: z.array(ToldReason),
  approved: z
    .object({
      rules: z.array(z.string()),
      approvals: z.int(),
      roles: z.array(z.string()),
      at: Instant,
    })
    .nullable()
    .describe("Who agreed, where somebody had to"),
});
export type KeptDecision = z.infer<typeof KeptDecision>;

export const LineState = z.enum([
  "released",
  "withdrawn",
  "closed",
  "waits",
  "refused",
  "lapsed",
  "not-sent",
]);
export type LineState = z.infer<typeof LineState>;

/** Recipients of whom a dry run says the same. */
export const DryRunLine = z.object({
  organisations: z.array(ToldName),
  decision: Decision,
  reasons: z.array(
    z.object({
      code: z.string(),
      rule: z
        .string()
        .describe("As of one recipient; `pairs/CN-*.json@1#allow` is the rule of each one's own pair"),
      guide: z.array(z.string()),
    }),
  ),
  redactions: z.array(ToldRedaction).describe("At most 20 of them"),
  redactionsInAll: z.int(),
  approvers: z.array(z.string()),
  fourEyes: z.boolean(),
  deadlineHours: z.int().nullable(),
  obligations: z.array(Obligation),
  unnamed: z.int().describe("How many of the things that it names the copy names otherwise, or not at all"),
});
export type DryRunLine = z.infer<typeof DryRunLine>;

/** Objects of which the same is decided, and what. */
export const DryRunDecision = z.object({
  objects: z.array(z.string()).describe("At most 10 of their ids"),
  objectsInAll: z.int(),
  recipients: z.array(DryRunLine),
});
export type DryRunDecision = z.infer<typeof DryRunDecision>;

/** What a dry run found that its submitter should look at before it is sent. */
export const DryRunWarning = z.object({
  code: z
    .enum(["cve-taken-as-published", "on-warning-list"])
    .describe(
      "`cve-taken-as-published`: vulnerabilities go out as published because they bear a CVE number, which may be reserved only; the label `undisclosed` says that they are not. `on-warning-list`: values of them are on warning lists, which the records name; they go out, and no blocklist holds these values",
    ),
  objects: z.array(z.string()).describe("At most ten of them"),
  objectsInAll: z.int(),
});
export type DryRunWarning = z.infer<typeof DryRunWarning>;

const Entry = z.object({ seq: z.int(), at: Instant, kind: z.string(), id: z.string() });

/** What was asked for a recipient. */
export const ToldRequest = z.object({
  id: z.uuid(),
  state: z.enum(["pending", "approved", "refused", "lapsed"]),
  approvers: z.array(z.string()),
  fourEyes: z.boolean(),
  approvals: z.array(z.object({ role: z.string(), at: Instant })),
  askedAt: Instant,
  deadline: Instant,
  settledAt: Instant.nullable(),
  reason: z.string().nullable(),
});

export type ToldRequest = z.infer<typeof ToldRequest>;

export const ExplainedRecipient = z.object({
  organisation: ToldName,
  member: Importer,
  state: LineState.describe(
    "`released`: it has it; `withdrawn`: you took it back; `closed`: its access ended; `waits`: for the approvers; `refused`, `lapsed`: by them, in their silence; `not-sent`",
  ),
  entry: Entry.nullable().describe(
    "What it was told last, and under which id it knows it; null before it is logged, and where it was told nothing",
  ),
  now: ToldDecision.nullable().describe("As it is decided at this moment; null of what you took back"),
  kept: KeptDecision.nullable().describe("As it was decided when it was sent"),
  differs: z
    .boolean()
    .describe("What is in force now is not what was done: it would get more, less or another copy"),
  agencies: ToldDecision.nullable().describe(
    "Of another member's CERT: what policy says of that member's agencies, whichever it has. A relationship reaches those alone who have what it relates",
  ),
  requests: z.array(ToldRequest).describe("What was asked for it, the newest last"),
});
export type ExplainedRecipient = z.infer<typeof ExplainedRecipient>;

/** What your organisation stated, and who receives it. */
export const ExplainedStatement = z.object({
  version: z.string(),
  tlp: z.string(),
  pap: z.string().nullable(),
  to: z.array(z.string()).nullable().describe("Whom it was addressed to by name; null: nobody"),
  withdrawnAt: Instant.nullable(),
  recipients: z.array(ExplainedRecipient),
});
export type ExplainedStatement = z.infer<typeof ExplainedStatement>;

/** What your organisation received: its own line, as its receipt opens it, and nothing of anybody else's. */
export const ExplainedReceipt = z.object({
  producer: z.string(),
  organisation: z.string().describe("Yours"),
  state: z.enum(["released", "withdrawn"]),
  tlp: z.string(),
  seq: z.int(),
  at: Instant,
  decision: ToldTreatment.nullable().describe(
    "Null of what was withdrawn, and of what was sent before decisions were kept",
  ),
  policy: z
    .object({ pair: PairName, version: z.int(), standing: PolicyStanding, page: z.string() })
    .nullable()
    .describe("The policy of the pair that is in force now; null within one member"),
});
export type ExplainedReceipt = z.infer<typeof ExplainedReceipt>;

export const Explanation = z.object({
  object: z.string(),
  at: Instant.describe("When it was asked: `now` is as of then"),
  stated: ExplainedStatement.nullable(),
  received: z.array(ExplainedReceipt),
  sentRed: z
    .array(SentRed)
    .describe("What you sent of it to people under TLP:RED: told in your own signed-in session alone"),
  guide: z.array(ToldGuideEntry).describe("The entries of the comparative guide that reasons name"),
});
export type Explanation = z.infer<typeof Explanation>;

export const explainObject = defineRoute({
  method: "GET",
  path: "/v1/explain",
  tag: "policies",
  summary: "Who receives an object and why, who does not and by which rule of which file",
  description:
    "To its originator's analysts and officers every recipient: as it is decided now, as it was decided when it was sent, and what came of it. To a receiver its own line: what its receipt opens, and what it undertakes. To everybody else it does not exist. Before a release a dry run of the submission tells the same.",
  roles: ["analyst", "subscriber", "coordinator", "officer"],
  query: z.object({
    object: z.string().min(1).max(200).describe("STIX id, as you know it"),
    member: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe("One recipient alone: a member, an organisation that you may know of, or `public`"),
    version: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("Of what you stated yourself: which version, as your receipts name it; else the newest"),
  }),
  status: 200,
  reply: Explanation,
  problems: ["not-found", "unknown-member"],
});

export const explainRoutes = { explainObject };
