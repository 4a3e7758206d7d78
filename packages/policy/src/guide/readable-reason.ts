import type { PolicyStanding } from "../pairs/compiled-pair.ts";
import { type PolicySet, pairOf } from "../pairs/policy-set.ts";
import type { Reason } from "../reason.ts";
import { type ComparativeGuide, isMeant } from "./comparative-guide.ts";

/** The policy that a reason stands on, where it is a pair's. */
export type CitedPolicy = { pair: string; version: number; standing: PolicyStanding };

/** A reason, with where its rule is to be read. */
export type ReadableReason = Reason & {
  /** In the repository; null for a rule of a policy that members signed, which no file holds. */
  file: string | null;
  policy: CitedPolicy | null;
  /** Ids of the guide's entries that explain it. */
  entries: readonly string[];
};

/** Where the rules of markings stand. */
const MARKINGS = "packages/policy/src/rules.ts";
const PAIR_RULE = /^pairs\/([A-Z]{2})-([A-Z]{2}|public)\.json(?:@(\d+)#(.+))?$/;

/**
 * Says of a reason in which file its rule stands, whose word that is, and what the guide says about it. A reason that was
 * kept with an entry may be of a version that is not in force any more: what ships is version 1, what is signed is later.
 */
export function readableReason(reason: Reason, policies: PolicySet, guide: ComparativeGuide): ReadableReason {
  const [, exporter, importer, version, name] = PAIR_RULE.exec(reason.rule) ?? [];
  if (exporter === undefined || importer === undefined)
    return { ...reason, file: MARKINGS, policy: null, entries: [] };
  const file = `seeds/policy/pairs/${exporter}-${importer}.json`;
  if (version === undefined || name === undefined) return { ...reason, file, policy: null, entries: [] };
  const policy = citedPolicy(policies, exporter, importer, Number(version));
  return {
    ...reason,
    file: policy.standing === "shipped" ? file : null,
    policy,
    entries: entriesOn(guide, { exporter, importer, name }, reason.guide),
  };
}

function citedPolicy(policies: PolicySet, exporter: string, importer: string, version: number): CitedPolicy {
  const inForce = pairOf(policies, exporter, importer);
  const isInForce = inForce?.policy.version === version;
  const standing = isInForce ? inForce.standing : version > SHIPPED_VERSION ? "signed" : "shipped";
  return { pair: `${exporter}-${importer}`, version, standing };
}

const SHIPPED_VERSION = 1;

/** The entry that a rule names itself, and those that lead to it. */
function entriesOn(
  { entries }: ComparativeGuide,
  { exporter, importer, name }: { exporter: string; importer: string; name: string },
  own: string | undefined,
): string[] {
  const leading = entries.filter(({ rules }) =>
    rules.some((one) => one.rule === name && isMeant(one, { exporter, importer })),
  );
  const ids = leading.map(({ id }) => id as string);
  return own === undefined || ids.includes(own) ? ids : [own, ...ids];
}
