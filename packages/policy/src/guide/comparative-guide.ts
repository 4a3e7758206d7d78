import { z } from "zod";
import { Importer, Member } from "../pairs/jurisdiction.ts";
import { type GuideId, GuideId as Id, PairPolicy, pairName } from "../pairs/pair-policy.ts";
import { type PolicySet, policiesOf } from "../pairs/policy-set.ts";

const Text = z.string().min(1).max(600);

const Exporter = z.enum(["*", ...Member.options]);
const AnyImporter = z.enum(["*", ...Importer.options]);

/** The parts of a policy beside its rules that a reason may name. */
const POLICY_PARTS: ReadonlySet<string> = new Set(Object.keys(PairPolicy.shape));

/** The rules of Suar that an entry leads to: in one file, or in all files of an exporter or to an importer. */
export const RuleReference = z.strictObject({
  exporter: Exporter,
  importer: AnyImporter,
  /** A rule's id, or a part of the policy such as `quota`. */
  rule: z.string().min(1).max(64),
});
export type RuleReference = z.infer<typeof RuleReference>;

const TextId = z
  .string()
  .max(32)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

/** A text that entries cite. The date is that of its issue: a year, a month or a day; null where none is known to us. */
export const GuideText = z.strictObject({
  short: z.string().min(1).max(40),
  title: z.string().min(1).max(200),
  issuer: z.string().min(1).max(200),
  date: z
    .string()
    .regex(/^\d{4}(-\d{2}){0,2}$/)
    .nullable(),
});
export type GuideText = z.infer<typeof GuideText>;

/** `checked`: somebody read the wording of this article; `unchecked`: what is said of it is from secondary sources. */
export const GuideCite = z.strictObject({
  text: TextId,
  article: z.string().min(1).max(120),
  status: z.enum(["checked", "unchecked"]),
});
export type GuideCite = z.infer<typeof GuideCite>;

/** What a text says of the entry's subject, and where; null where it says nothing of it that we know. */
const Clause = z.strictObject({ cites: z.array(GuideCite).min(1).max(4), says: Text }).nullable();

const EntryFields = z.strictObject({
  id: Id,
  subject: z.string().min(1).max(120),
  /** ASEAN Model Contractual Clauses. */
  asean: Clause,
  /** China's Standard Contract, or the law that stands in its place. */
  china: Clause,
  /** Texts of others that it rests on. */
  others: z.array(GuideCite).max(4),
  difference: Text,
  /** What Suar does about it, in words. */
  resulting: Text,
  rules: z.array(RuleReference).min(1).max(8),
  /** Whether all of it was held against the texts. That one says nothing was never checked of the whole of one. */
  verified: z.boolean(),
});
type EntryFields = z.infer<typeof EntryFields>;

export const GuideEntry = EntryFields.refine(
  (entry) => entry.verified === isChecked(entry),
  "verified as its articles are",
);
export type GuideEntry = z.infer<typeof GuideEntry>;

/** In the order in which they are read. */
export function citesOf({
  asean,
  china,
  others,
}: Pick<EntryFields, "asean" | "china" | "others">): GuideCite[] {
  return [...(asean?.cites ?? []), ...(china?.cites ?? []), ...others];
}

function isChecked(entry: EntryFields): boolean {
  const hasBoth = entry.asean !== null && entry.china !== null;
  return hasBoth && citesOf(entry).every(({ status }) => status === "checked");
}

/**
 * The comparative guide: the ASEAN Model Contractual Clauses beside China's Standard Contract, clause by clause. It
 * informs those who agree on policies, and is no legal advice.
 */
export const ComparativeGuide = z
  .strictObject({
    schema: z.literal("comparative-guide/2"),
    version: z.int().min(1),
    notice: Text,
    texts: z.record(TextId, GuideText),
    entries: z.array(GuideEntry).min(1).max(200),
  })
  .refine(({ entries }) => new Set(entries.map(({ id }) => id)).size === entries.length, "each id once")
  .refine(
    ({ texts, entries }) => entries.flatMap(citesOf).every(({ text }) => Object.hasOwn(texts, text)),
    "each text that is cited",
  );
export type ComparativeGuide = z.infer<typeof ComparativeGuide>;

/** "PIPL art. 36 (unchecked)": where it is to be read, and whether somebody did. */
export function citeText({ text, article, status }: GuideCite, texts: ComparativeGuide["texts"]): string {
  return `${texts[text]?.short ?? text} ${article}${status === "checked" ? "" : " (unchecked)"}`;
}

export type BrokenReference = { entry: GuideId; rule: RuleReference } | { policy: string; guide: GuideId };

/** References that lead nowhere: from entries to rules, and from rules to entries. */
export function brokenReferences(guide: ComparativeGuide, policies: PolicySet): BrokenReference[] {
  const all = policiesOf(policies).map(({ policy }) => policy);
  const known = new Set<string>(guide.entries.map(({ id }) => id));
  const fromEntries = guide.entries.flatMap(({ id, rules }) =>
    rules.filter((rule) => !isInForce(rule, all)).map((rule) => ({ entry: id, rule })),
  );
  const fromRules = all.flatMap((policy) =>
    policy.rules
      .filter((rule) => !known.has(rule.guide))
      .map((rule) => ({ policy: `${pairName(policy)}#${rule.id}`, guide: rule.guide })),
  );
  return [...fromEntries, ...fromRules];
}

/** Whether every policy that the reference speaks of has the rule; one that speaks of none is broken. */
function isInForce(reference: RuleReference, policies: readonly PairPolicy[]): boolean {
  const meant = policies.filter((policy) => isMeant(reference, policy));
  return meant.length > 0 && meant.every((policy) => hasRule(policy, reference.rule));
}

export function isMeant(
  { exporter, importer }: RuleReference,
  policy: { exporter: string; importer: string },
): boolean {
  // "*" means the members; what is said to the public is named.
  const isImporter = importer === "*" ? policy.importer !== "public" : importer === policy.importer;
  return isImporter && (exporter === "*" || exporter === policy.exporter);
}

function hasRule(policy: PairPolicy, name: string): boolean {
  return POLICY_PARTS.has(name) || policy.rules.some(({ id }) => id === name);
}
