import { GuideEntry, GuideText, Importer, Member, PairPolicy } from "@suar/policy";
import { z } from "zod";
import { Closing } from "./closing.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, Label, PageQuery, pageOf } from "./shared.ts";

/** An ordered pair, as `CN-SG`; `CN-public` is what CN tells everybody. */
export const PairName = z.string().regex(/^[A-Z]{2}-([A-Z]{2}|public)$/);

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Base64 = z.base64().max(200);

/** `shipped`: the default that Suar comes with, in force until the members sign another. */
export const PolicyStanding = z.enum(["shipped", "signed"]);

/** Why what is said to be a signed policy is not taken for one. */
export const PolicyProblem = z.enum([
  "unreadable",
  "columns-differ",
  "signature-missing",
  "key-unknown",
  "signature-invalid",
  "not-sealed",
  "not-marked-signed",
]);
export type PolicyProblem = z.infer<typeof PolicyProblem>;

export const PolicyInForce = z.object({
  pair: PairName,
  exporter: Member,
  importer: Importer,
  version: z.int(),
  standing: z
    .enum([...PolicyStanding.options, "unverified"])
    .describe(
      "`unverified`: the platform cannot show that the members signed it, and shares nothing under it",
    ),
  hash: Hash.describe("SHA-256 of its canonical JSON (RFC 8785), in hex"),
  problem: PolicyProblem.nullable().describe("Of what is unverified: why"),
});
export type PolicyInForce = z.infer<typeof PolicyInForce>;

export const PolicyDocument = PolicyInForce.extend({
  policy: PairPolicy.nullable().describe("Null for what is unverified"),
  proposal: z.uuid().nullable().describe("The signed proposal, with its signatures; null for what ships"),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

/** A policy in words: its rules with the clauses that they come of, and what could not be held against the texts. */
export const PolicyGuide = PolicyInForce.extend({
  file: z.string().describe("The name by which reasons call it: `pairs/CN-SG.json@1`"),
  page: z.string().describe("The same for people, open to anybody"),
  notice: z.string(),
  rules: z.array(
    z.object({
      name: z.string().describe("As reasons have it"),
      rule: PairPolicy.shape.rules.element,
      guide: GuideEntry.shape.id.nullable(),
    }),
  ),
  entries: z
    .array(z.object({ entry: GuideEntry, rules: z.array(z.string()) }))
    .describe("Entries of the comparative guide that lead to something in this pair"),
  unverified: z.int().describe("How many of them nobody held against the texts themselves, whole"),
  cited: z.int().describe("Articles that they cite"),
  checked: z.int().describe("How many of these somebody read"),
  texts: z.record(z.string(), GuideText).describe("The texts that they are of"),
});
export type PolicyGuide = z.infer<typeof PolicyGuide>;

/** `open` waits for signatures; `signed` is in force from its time on, until a later version is. */
export const ProposalState = z.enum(["open", "signed", "withdrawn"]);
export type ProposalState = z.infer<typeof ProposalState>;

export const PolicySignature = z.object({
  member: Member,
  key: z.string(),
  publicKey: Base64,
  signature: Base64.describe("Ed25519 over the policy's canonical JSON"),
  signedAt: Instant,
  waivedDiff: z
    .boolean()
    .describe(
      "It says not to wait for the diffs; where each party's says so, the policy may be in force before they are there",
    ),
});

export const PolicyProposal = z.object({
  id: z.uuid(),
  pair: PairName,
  version: z.int(),
  state: ProposalState,
  hash: Hash,
  proposer: Member,
  createdAt: Instant,
  inForceFrom: Instant.nullable().describe("Null while a signature is missing"),
  missing: z.array(Member).describe("Whose signatures it waits for"),
  signatures: z.array(PolicySignature),
});
export type PolicyProposal = z.infer<typeof PolicyProposal>;

export const ProposalDocument = PolicyProposal.extend({ policy: PairPolicy });
export type ProposalDocument = z.infer<typeof ProposalDocument>;

export const SignedProposal = ProposalDocument.extend({ closing: Closing });
export type SignedProposal = z.infer<typeof SignedProposal>;

export const PolicyKey = z.object({
  id: z.string(),
  member: Member,
  publicKey: Base64,
  label: z.string(),
  state: z.enum(["waits", "active", "revoked"]),
  createdAt: Instant,
  revokedAt: Instant.nullable(),
});
export type PolicyKey = z.infer<typeof PolicyKey>;

const tag = "policies";
const PairParams = z.object({ pair: PairName });
const KeyParams = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) });

export const listPolicies = defineRoute({
  method: "GET",
  path: "/v1/policies",
  tag,
  summary: "The policies of pairs that are in force",
  description: "One for each ordered pair of members, and one for what each member tells the public.",
  roles: [],
  query: PageQuery,
  status: 200,
  reply: pageOf(PolicyInForce),
  problems: ["bad-cursor"],
});

export const readPolicy = defineRoute({
  method: "GET",
  path: "/v1/policies/:pair",
  tag,
  summary: "The policy of one pair, whole",
  roles: [],
  params: PairParams,
  status: 200,
  reply: PolicyDocument,
  problems: ["not-found"],
});

export const readPolicyGuide = defineRoute({
  method: "GET",
  path: "/v1/policies/:pair/guide",
  tag,
  summary: "The policy of one pair, clause by clause, with the comparative guide",
  description: "The ASEAN Model Contractual Clauses beside China's Standard Contract. It is no legal advice.",
  roles: [],
  params: PairParams,
  status: 200,
  reply: PolicyGuide,
  problems: ["not-found"],
});

export const proposePolicy = defineRoute({
  method: "POST",
  path: "/v1/policies/:pair/proposals",
  tag,
  summary: "Propose the next version of a policy",
  description:
    "An officer of one of the two members may. It is in force once both have signed it, from the time that it names. Its version is one more than the last one's, and `previous` is that one's hash.",
  roles: ["officer"],
  params: PairParams,
  body: z.strictObject({ policy: PairPolicy }),
  status: 201,
  reply: ProposalDocument,
  problems: ["not-found", "conflict", "quota-exceeded"],
});

export const listProposals = defineRoute({
  method: "GET",
  path: "/v1/policy-proposals",
  tag,
  summary: "Proposed versions of policies, newest first",
  roles: [],
  query: PageQuery.extend({ pair: PairName.optional(), state: ProposalState.optional() }),
  status: 200,
  reply: pageOf(PolicyProposal),
  problems: ["bad-cursor"],
});

export const readProposal = defineRoute({
  method: "GET",
  path: "/v1/policy-proposals/:id",
  tag,
  summary: "One proposal, with the policy and its signatures",
  roles: [],
  params: IdParams,
  status: 200,
  reply: ProposalDocument,
  problems: ["not-found", "conflict"],
});

export const signProposal = defineRoute({
  method: "POST",
  path: "/v1/policy-proposals/:id/signatures",
  tag,
  summary: "Add your member's signature",
  description:
    "Signed on your own machine (`suar policy sign`) with a key that your member registered. The last one waits until it is worked out for each party what the policy would have changed in the last 90 days (`diff-not-ready`), unless each party's signature says not to wait. Whoever signed without saying so may sign again and say it.",
  roles: ["officer"],
  params: IdParams,
  body: z.strictObject({
    key: KeyParams.shape.id,
    signature: Base64,
    waiveDiff: z
      .boolean()
      .optional()
      .describe(
        "Do not wait for the diffs, where the policy has to be in force at once: holds once each party's signature says so, and stays with the signature",
      ),
  }),
  status: 200,
  reply: SignedProposal,
  problems: ["not-found", "conflict", "bad-signature", "diff-not-ready"],
});

export const withdrawProposal = defineRoute({
  method: "DELETE",
  path: "/v1/policy-proposals/:id",
  tag,
  summary: "Take a proposal back, or refuse the other's, before both have signed",
  roles: ["officer"],
  params: IdParams,
  status: 200,
  reply: PolicyProposal,
  problems: ["not-found", "conflict"],
});

export const listPolicyKeys = defineRoute({
  method: "GET",
  path: "/v1/policy-keys",
  tag,
  summary: "The keys that members sign policies with",
  roles: [],
  query: PageQuery,
  status: 200,
  reply: pageOf(PolicyKey),
  problems: ["bad-cursor"],
});

export const addPolicyKey = defineRoute({
  method: "POST",
  path: "/v1/policy-keys",
  tag,
  summary: "Register your member's public key for signing policies",
  description:
    "It waits until an officer of another member confirms it, who has compared it over another way than this platform.",
  roles: ["officer"],
  body: z.strictObject({ publicKey: Base64.describe("Ed25519, 32 bytes"), label: Label }),
  status: 201,
  reply: PolicyKey,
  problems: ["conflict", "quota-exceeded", "bad-signature"],
});

export const confirmPolicyKey = defineRoute({
  method: "POST",
  path: "/v1/policy-keys/:id/confirm",
  tag,
  summary: "Confirm another member's key",
  roles: ["officer"],
  params: KeyParams,
  status: 200,
  reply: PolicyKey,
  problems: ["not-found", "conflict", "second-person-needed"],
});

export const revokePolicyKey = defineRoute({
  method: "DELETE",
  path: "/v1/policy-keys/:id",
  tag,
  summary: "Revoke a key of your member; what it signed stays in force",
  roles: ["officer"],
  params: KeyParams,
  status: 200,
  reply: PolicyKey,
  problems: ["not-found", "conflict"],
});

export const policyRoutes = {
  listPolicies,
  readPolicy,
  readPolicyGuide,
  proposePolicy,
  listProposals,
  readProposal,
  signProposal,
  withdrawProposal,
  listPolicyKeys,
  addPolicyKey,
  confirmPolicyKey,
  revokePolicyKey,
};
