import { z } from "zod";
import { Closing } from "./closing.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, Label, PageQuery, pageOf } from "./shared.ts";

/** What members can agree on: the contracts that a transfer of personal data may rest on, and those between CERTs. */
export const AgreementKind = z.enum(["asean-mcc", "china-scc", "security-assessment", "mou", "nda"]);
export type AgreementKind = z.infer<typeof AgreementKind>;

/** `proposed` waits for the other member; `agreed` begins later; `ended` is over, or never came to be. */
export const AgreementState = z.enum(["proposed", "agreed", "in-force", "ended"]);
export type AgreementState = z.infer<typeof AgreementState>;

const MemberCode = z.string().regex(/^[A-Z]{2}$/);
const Day = z.iso.date();

export const Agreement = z.object({
  id: z.uuid(),
  kind: AgreementKind,
  state: AgreementState,
  members: z.array(MemberCode).length(2).describe("The one that proposed it, and the other"),
  title: z.string(),
  reference: z.string().nullable().describe("Where the text lies"),
  begins: Day,
  ends: Day.nullable().describe("The first day, in UTC, on which it holds no more"),
  hash: z.string().describe("SHA-256 of its terms, in hex: decisions that stand on it name it by this"),
  acceptedAt: Instant.nullable(),
  endedBy: MemberCode.nullable().describe("Which of the two ended, declined or took it back"),
  endedAt: Instant.nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

export const ChangedAgreement = Agreement.extend({ closing: Closing });
export type ChangedAgreement = z.infer<typeof ChangedAgreement>;

export const AgreementProposal = z
  .strictObject({
    with: MemberCode.describe("The other member"),
    kind: AgreementKind,
    title: Label,
    reference: Label.optional(),
    begins: Day,
    ends: Day.optional(),
  })
  .refine(({ begins, ends }) => ends === undefined || ends > begins, {
    path: ["ends"],
    message: "It ends after it begins",
  });
export type AgreementProposal = z.infer<typeof AgreementProposal>;

const tag = "agreements";
const readers = ["analyst", "officer"] as const;
const problems = ["not-found", "forbidden"] as const;

export const listAgreements = defineRoute({
  method: "GET",
  path: "/v1/agreements",
  tag,
  summary: "Your member's agreements with others, newest first",
  description: "The two members' CERTs see an agreement, and nobody else.",
  roles: readers,
  query: PageQuery,
  status: 200,
  reply: pageOf(Agreement),
  problems: ["bad-cursor"],
});

export const proposeAgreement = defineRoute({
  method: "POST",
  path: "/v1/agreements",
  tag,
  summary: "Propose an agreement to another member",
  description:
    "It holds once an officer of the other member has accepted it, from the day on which it begins.",
  roles: ["officer"],
  body: AgreementProposal,
  status: 201,
  reply: Agreement,
  problems: ["unknown-member", "quota-exceeded"],
});

export const readAgreement = defineRoute({
  method: "GET",
  path: "/v1/agreements/:id",
  tag,
  summary: "One agreement",
  roles: readers,
  params: IdParams,
  status: 200,
  reply: Agreement,
  problems,
});

export const acceptAgreement = defineRoute({
  method: "POST",
  path: "/v1/agreements/:id/accept",
  tag,
  summary: "Accept what another member proposed",
  roles: ["officer"],
  params: IdParams,
  status: 200,
  reply: ChangedAgreement,
  problems: [...problems, "conflict"],
});

export const endAgreement = defineRoute({
  method: "POST",
  path: "/v1/agreements/:id/end",
  tag,
  summary: "End an agreement now; decline or take back one that is not accepted",
  description: "Either member may. What was shared under it is judged anew without it.",
  roles: ["officer"],
  params: IdParams,
  status: 200,
  reply: ChangedAgreement,
  problems: [...problems, "conflict"],
});

export const agreementRoutes = {
  listAgreements,
  proposeAgreement,
  readAgreement,
  acceptAgreement,
  endAgreement,
};
