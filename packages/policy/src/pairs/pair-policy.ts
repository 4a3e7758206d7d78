import { hash } from "node:crypto";
import { canonicalJson } from "@suar/stix";
import { z } from "zod";
import { ContentClass } from "../content-class.ts";
import { BasisKind, BasisStatus, Condition } from "./condition.ts";
import { Importer, Member } from "./jurisdiction.ts";
import { Operations } from "./operation.ts";

/** What a recipient undertakes. `no-onward` Suar itself keeps: nobody behind the recipient is sent it. */
export const Obligation = z.enum([
  "acknowledge",
  "delete-after-90-days",
  "no-law-enforcement-use",
  "no-onward",
  "no-reidentification",
]);
export type Obligation = z.infer<typeof Obligation>;

/** The people of a data office, by the role that they hold for their member. */
export const Approver = z.templateLiteral([Member, ":officer"]);
export type Approver = z.infer<typeof Approver>;

const Id = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/);
const Instant = z.iso.datetime({ precision: 0 });
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An entry of the comparative guide. */
export const GuideId = z.templateLiteral(["guide:", Id]);
export type GuideId = z.infer<typeof GuideId>;

const spoken = {
  id: Id,
  /** Whose rule it is. Neither party's loosens the other's: a rule can only restrict. */
  party: z.enum(["exporter", "importer"]),
  if: Condition,
  obligations: list(Obligation, 8).optional(),
  /** The text that the rule stands on. */
  source: z.string().min(1).max(300),
  guide: GuideId,
};

function verb<Verb extends string>(name: Verb) {
  // biome-ignore lint/suspicious/noThenProperty: the word of the vocabulary ; nothing awaits a schema
  return { then: z.literal(name) };
}

export const PairRule = z.discriminatedUnion("then", [
  z.strictObject({ ...spoken, ...verb("withhold") }),
  z.strictObject({
    ...spoken,
    ...verb("approve"),
    /** Each of them must agree; with four eyes two people of each. */
    approvers: list(Approver, 4).min(1),
    fourEyes: z.boolean(),
  }),
  z.strictObject({ ...spoken, ...verb("redact"), ops: Operations.partial() }),
]);
export type PairRule = z.infer<typeof PairRule>;

/** The ground that personal data could cross on; a ground that has ended closes the pair. */
const Basis = z.strictObject({
  id: Id,
  kind: BasisKind,
  status: BasisStatus,
  signed: Instant.nullable(),
  expires: Instant.nullable(),
});

/**
 * What may go from one jurisdiction to another. What it does not allow is withheld; what it allows, its rules restrict;
 * personal data is treated as `personalData` says at the least. Both members sign it.
 */
export const PairPolicy = z
  .strictObject({
    schema: z.literal("pair-policy/1"),
    exporter: Member,
    importer: Importer,
    version: z.int().min(1).max(1_000_000),
    /** The hash of the version that it follows: what ships follows none, and whoever changes it says which they saw. */
    previous: Sha256.optional(),
    effective: z.strictObject({ from: Instant, until: Instant.nullable() }),
    default: z.literal("withhold"),
    basis: Basis,
    allow: list(ContentClass, 16),
    /** Flows only to a recipient that the originator names itself. */
    allowNamed: list(ContentClass, 16),
    personalData: Operations,
    rules: z.array(PairRule).max(100),
    /** Individuals a year whose data may cross in any form; null: no bound. */
    quota: z.int().nonnegative().nullable(),
    /** How long an approval is waited for. */
    deadlineHours: z.int().min(1).max(720),
    obligations: list(Obligation, 8),
  })
  .superRefine((policy, context) => {
    for (const message of contradictions(policy)) context.addIssue({ code: "custom", message });
  });
export type PairPolicy = z.infer<typeof PairPolicy>;

/** `CN-SG`: the name of its file. */
export function pairName({ exporter, importer }: Pick<PairPolicy, "exporter" | "importer">): string {
  return `${exporter}-${importer}`;
}

/** The bytes that are signed and hashed (RFC 8785). */
export function policyBytes(policy: PairPolicy): Buffer {
  return Buffer.from(canonicalJson(policy));
}

export function policyHash(policy: PairPolicy): string {
  return hash("sha256", policyBytes(policy));
}

function list<Item extends z.ZodType>(item: Item, most: number) {
  return z
    .array(item)
    .max(most)
    .refine((all) => new Set(all).size === all.length, "each once");
}

type Said = {
  exporter: string;
  importer: string;
  version: number;
  previous?: string | undefined;
  effective: { from: string; until: string | null };
  basis: z.infer<typeof Basis>;
  allow: readonly string[];
  allowNamed: readonly string[];
  rules: readonly z.infer<typeof PairRule>[];
};

function contradictions(said: Said): string[] {
  const { exporter, importer, version, previous, effective, basis, allow, allowNamed, rules } = said;
  const approvers = rules.flatMap((rule) => (rule.then === "approve" ? rule.approvers : []));
  const claims: [boolean, string][] = [
    [exporter === importer, "no border lies within one jurisdiction"],
    [version === 1 && previous !== undefined, "the first version follows none"],
    [effective.until !== null && effective.until <= effective.from, "it ends before it begins"],
    [basis.status === "signed" && basis.signed === null, "a signed basis has a date"],
    [basis.kind === "none" && basis.status !== "none", "no basis has no status"],
    [allow.some((name) => allowNamed.includes(name)), "allowed to all or to the named, not both"],
    [new Set(rules.map(({ id }) => id)).size < rules.length, "each rule has an id of its own"],
    [rules.some(isIdle), "a rule that redacts names what it redacts"],
    [
      approvers.some((approver) => ![exporter, importer].includes(approver.slice(0, 2))),
      "approvers are the parties' own",
    ],
  ];
  return claims.filter(([isWrong]) => isWrong).map(([, message]) => message);
}

function isIdle(rule: z.infer<typeof PairRule>): boolean {
  return rule.then === "redact" && Object.keys(rule.ops).length === 0;
}
