import { hash } from "node:crypto";
import { canonicalJson } from "@suar/stix";
import { z } from "zod";
import { type CompiledPair, compilePair, type PolicyStanding } from "./compiled-pair.ts";
import { PairPolicy, pairName } from "./pair-policy.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** All policies in force at one moment, ready to decide by. */
export type PolicySet = {
  /** Over all of them: what a receipt commits to. */
  readonly hash: string;
  /** By exporter, then by importer. */
  readonly pairs: ReadonlyMap<string, ReadonlyMap<string, CompiledPair>>;
};

export type StandingPolicy = { policy: PairPolicy; standing: PolicyStanding };

/** One policy for each pair; throws where two claim one. */
export function policySet(policies: Iterable<StandingPolicy>): PolicySet {
  const pairs = new Map<string, Map<string, CompiledPair>>();
  const hashes: Record<string, string> = {};
  for (const { policy, standing } of policies) {
    const name = pairName(policy);
    if (Object.hasOwn(hashes, name)) throw new RangeError(`two policies for ${name}`);
    const compiled = compilePair(policy, standing);
    hashes[name] = compiled.hash;
    const byImporter = pairs.get(policy.exporter) ?? new Map<string, CompiledPair>();
    pairs.set(policy.exporter, byImporter.set(policy.importer, compiled));
  }
  return { hash: policySetHash(hashes), pairs };
}

/** Of a set, by the hashes of its policies, each under the name of its pair. */
export function policySetHash(hashes: Readonly<Record<string, string>>): string {
  return hash("sha256", canonicalJson(hashes));
}

/** `seeds/policy/index.json`: what ships, so that a file that is lost or altered is found at the start. */
export const PolicyIndex = z.strictObject({
  schema: z.literal("policy-index/1"),
  set: Sha256,
  policies: z.record(z.string(), Sha256),
});
export type PolicyIndex = z.infer<typeof PolicyIndex>;

/** The set that ships: each seed is the parsed content of one file. */
export function loadPolicySet(seeds: Iterable<unknown>): PolicySet {
  return policySet(Array.from(seeds, (seed) => ({ policy: PairPolicy.parse(seed), standing: "shipped" })));
}

/** Another set in which this policy takes its pair's place. */
export function withPolicy(set: PolicySet, changed: StandingPolicy): PolicySet {
  const name = pairName(changed.policy);
  return policySet([...policiesOf(set).filter(({ policy }) => pairName(policy) !== name), changed]);
}

export function pairOf({ pairs }: PolicySet, exporter: string, importer: string): CompiledPair | undefined {
  return pairs.get(exporter)?.get(importer);
}

export function policiesOf({ pairs }: PolicySet): CompiledPair[] {
  return [...pairs.values()].flatMap((byImporter) => [...byImporter.values()]);
}
