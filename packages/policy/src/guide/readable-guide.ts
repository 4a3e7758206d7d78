import type { Standing } from "../pairs/compiled-pair.ts";
import { type PairPolicy, type PairRule, pairName } from "../pairs/pair-policy.ts";
import { type PolicySet, pairOf } from "../pairs/policy-set.ts";
import { type ComparativeGuide, citesOf, type GuideEntry, isMeant } from "./comparative-guide.ts";

/** A rule of the pair with the entry that explains it. */
export type ReadableRule = { name: string; rule: PairRule; entry: GuideEntry | undefined };

/** What a page for one pair shows. */
export type ReadableGuide = {
  pair: string;
  file: string;
  standing: Standing;
  policy: PairPolicy;
  policyHash: string;
  rules: readonly ReadableRule[];
  /** Entries that lead to something in this pair, with the names of what they lead to, in the guide's order. */
  entries: readonly { entry: GuideEntry; rules: readonly string[] }[];
  /** How many of these nobody held against the texts. */
  unverified: number;
  /** Articles that these cite, and how many of them somebody read. */
  cited: number;
  checked: number;
  /** The texts that they are of. */
  texts: ComparativeGuide["texts"];
  notice: string;
};

/** The page of one pair: its policy in force, each rule with its reason, and the clauses behind them. */
export function readableGuide(
  guide: ComparativeGuide,
  policies: PolicySet,
  { exporter, importer }: { exporter: string; importer: string },
): ReadableGuide | undefined {
  const pair = pairOf(policies, exporter, importer);
  if (pair === undefined) return undefined;
  const { policy, standing, hash } = pair;
  const file = `pairs/${pairName(policy)}.json@${policy.version}`;
  const byId = new Map<string, GuideEntry>(guide.entries.map((entry) => [entry.id, entry]));
  const cited = new Set<string>(policy.rules.map((rule) => rule.guide));
  const entries = guide.entries.flatMap((entry) => {
    const rules = entry.rules.filter((one) => isMeant(one, policy)).map(({ rule }) => `${file}#${rule}`);
    return rules.length > 0 || cited.has(entry.id) ? [{ entry, rules }] : [];
  });
  const cites = entries.flatMap(({ entry }) => citesOf(entry));
  return {
    pair: `${exporter}>${importer}`,
    file,
    standing,
    policy,
    policyHash: hash,
    rules: policy.rules.map((rule) => {
      return { name: `${file}#${rule.id}`, rule, entry: byId.get(rule.guide) };
    }),
    entries,
    unverified: entries.filter(({ entry }) => !entry.verified).length,
    cited: cites.length,
    checked: cites.filter(({ status }) => status === "checked").length,
    texts: textsOf(guide, new Set(cites.map(({ text }) => text))),
    notice: guide.notice,
  };
}

function textsOf({ texts }: ComparativeGuide, cited: ReadonlySet<string>): ComparativeGuide["texts"] {
  return Object.fromEntries(Object.entries(texts).filter(([id]) => cited.has(id)));
}
