import { Reason } from "@suar/policy";
import { z } from "zod";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, PageQuery, pageOf, ToldName } from "./shared.ts";

export const ApprovalState = z.enum(["pending", "approved", "refused", "lapsed"]);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** Why nobody is asked any more, where nobody said no. */
export const LapsedBecause = z.enum(["time-over", "decided-anew", "withdrawn"]);
export type LapsedBecause = z.infer<typeof LapsedBecause>;

/** One request: a version that its recipients receive once data officers have agreed, and not before. */
export const Approval = z.object({
  id: z.uuid(),
  state: ApprovalState,
  producer: z.string().describe("Who stated it"),
  object: z
    .object({ id: z.string(), type: z.string(), version: z.string() })
    .nullable()
    .describe("Told to the producer's member alone"),
  organisations: z.array(ToldName).describe("Who receives it once it is approved"),
  asked: z
    .array(z.object({ approver: z.string(), needed: z.int(), given: z.int() }))
    .describe("Whose officers are asked, how many of each have to agree, and how many have"),
  fourEyes: z.boolean().describe("Two people of each have to agree"),
  reasons: z
    .array(Reason)
    .describe(
      "By which rules it is asked, with their sources and entries of the guide; to the producer's member all that was decided",
    ),
  obligations: z.array(z.string()).describe("What the recipient undertakes"),
  askedAt: Instant,
  deadline: Instant.describe("Afterwards it is released to nobody"),
  approvals: z
    .array(
      z.object({
        approver: z.string(),
        at: Instant,
        by: z.string().nullable(),
        word: z
          .object({ statement: z.string(), salt: z.base64() })
          .nullable()
          .describe(
            "What the release commits to of this word (docs/proofs/words.md): keep it for `suar verify words`",
          ),
      }),
    )
    .describe("Who has agreed; `by` and `word` are told of your own member's people alone"),
  settledAt: Instant.nullable(),
  refusal: z.string().nullable().describe("Why somebody refused"),
  lapsed: LapsedBecause.nullable(),
  askedAnew: z
    .array(z.uuid())
    .describe("Later requests for the same version and some of the same recipients, where this one lapsed"),
});
export type Approval = z.infer<typeof Approval>;

const StixDocument = z.looseObject({ type: z.string(), id: z.string() });

export const ApprovalDocument = Approval.extend({
  original: StixDocument.nullable().describe("The object as it was stated; to the producer's member alone"),
  copies: z
    .array(z.object({ organisations: z.array(ToldName), object: StixDocument }))
    .describe("What would go out, as each recipient would have it, while it waits"),
  isOutdated: z
    .boolean()
    .describe("Something else is decided by now: an approval would release nothing, and ask anew"),
  etag: z.string().describe("Names all of this as you read it; also the ETag"),
});
export type ApprovalDocument = z.infer<typeof ApprovalDocument>;

export const Refusal = z.strictObject({
  reason: z.string().trim().min(1).max(2000).describe("Read by all who are asked, and by the producer"),
});

const tag = "approvals";
const people = ["analyst", "officer"] as const;
const description =
  "An officer of a CERT sees what that CERT's officers are asked, and everybody of the producer what waits of its own. Officers of another member than the producer's are asked once the producer's have agreed, and not before.";

export const listApprovals = defineRoute({
  method: "GET",
  path: "/v1/approvals",
  tag,
  summary: "What waits for data officers, or did, in the order in which it was asked",
  description,
  roles: people,
  query: PageQuery.extend({ state: ApprovalState.optional() }),
  status: 200,
  reply: pageOf(Approval),
  problems: ["bad-cursor"],
});

export const readApproval = defineRoute({
  method: "GET",
  path: "/v1/approvals/:id",
  tag,
  summary: "One request, with the very copies that would go out",
  description,
  roles: people,
  params: IdParams,
  status: 200,
  reply: ApprovalDocument,
  problems: ["not-found"],
});

export const approveRelease = defineRoute({
  method: "POST",
  path: "/v1/approvals/:id/approval",
  tag,
  summary: "Agree to a release",
  description:
    "Nobody agrees to what was submitted on the own word, nor twice. Once all have agreed it is decided again, and released where the very same is decided; else this request lapses (`decided-anew`), and `askedAnew` names the new ones.",
  roles: ["officer"],
  params: IdParams,
  headers: {
    "if-match": {
      description: "ETag of the request as you read it: nobody agrees to what they have not seen",
      required: true,
    },
  },
  status: 200,
  reply: Approval,
  problems: ["not-found", "conflict", "second-person-needed", "edited-meanwhile"],
});

export const refuseRelease = defineRoute({
  method: "POST",
  path: "/v1/approvals/:id/refusal",
  tag,
  summary: "Refuse a release, for good: the same is not asked again",
  roles: ["officer"],
  params: IdParams,
  body: Refusal,
  status: 200,
  reply: Approval,
  problems: ["not-found", "conflict"],
});

export const approvalRoutes = { listApprovals, readApproval, approveRelease, refuseRelease };
