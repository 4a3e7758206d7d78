import { type PolicySet, pairName, policiesOf, policySet } from "@suar/policy";
import type { Queryable } from "../database/pool.ts";
import { metrics } from "../http/metrics.ts";
import { type Secrets, sameBytes } from "../keys/secrets.ts";
import type { Logger } from "../process/logger.ts";
import { judgeEvidence, type TakenSignature, type UnverifiedPolicy } from "./judge-evidence.ts";
import { seedPolicies } from "./policies.ts";
import { readEvidence, readEvidenceState } from "./policy-evidence.ts";

/** The policies that may be decided by, and the pairs that nothing is shared under. */
export type TrustedPolicies = {
  readonly policies: PolicySet;
  /** By pair: these are not in the set. */
  readonly unverified: ReadonlyMap<string, UnverifiedPolicy>;
};

/**
 * What makes of rows a policy that is in force: both members' signatures over its text, by keys that were theirs, and
 * the platform's seal on each signature, which whoever holds the database alone cannot make. Verified once, and again
 * when a row was written. What ships needs no signature: it came with the program, and is held against its index.
 */
export type PolicyTrust = {
  sealOf(taken: TakenSignature): Buffer;
  read(db: Queryable): Promise<TrustedPolicies>;
  /** Whether another set has taken the place of this one: what was planned by it is to be decided again. */
  isSuperseded(policies: PolicySet): boolean;
};

const SUBJECT = "policies";

export function createPolicyTrust(
  secrets: Secrets,
  { log, troubles }: { log: Logger; troubles: Map<string, string> },
): PolicyTrust {
  let shipped: PolicySet | undefined;
  let known: { state: string; trusted: TrustedPolicies } | undefined;
  const superseded = new WeakSet<PolicySet>();
  const sealOf = ({ proposal, member, key, hash, signature }: TakenSignature): Buffer =>
    secrets.hmac("policy-signature", [proposal, member, key, hash, signature].join("\n"));
  const isTaken = (taken: TakenSignature, seal: string): boolean =>
    sameBytes(sealOf(taken), Buffer.from(seal, "hex"));
  return {
    sealOf,
    isSuperseded: (policies) => superseded.has(policies),
    read: async (db) => {
      const state = await readEvidenceState(db);
      if (known?.state === state) return known.trusted;
      shipped ??= seedPolicies();
      const { signed, unverified } = judgeEvidence(await readEvidence(db), isTaken);
      const taken = new Set([...signed.map(({ policy }) => pairName(policy)), ...unverified.keys()]);
      const kept = policiesOf(shipped).filter(({ policy }) => !taken.has(pairName(policy)));
      const trusted = { policies: taken.size === 0 ? shipped : policySet([...kept, ...signed]), unverified };
      tell(unverified, { log, troubles });
      superseded.delete(trusted.policies);
      if (known !== undefined && known.trusted.policies.hash !== trusted.policies.hash)
        superseded.add(known.trusted.policies);
      known = { state, trusted };
      return trusted;
    },
  };
}

/** To the operator, each time that it is found: in the log, in the metrics, and in /readyz for as long as it lasts. */
function tell(
  unverified: ReadonlyMap<string, UnverifiedPolicy>,
  { log, troubles }: { log: Logger; troubles: Map<string, string> },
): void {
  metrics.unverifiedPolicies.set(unverified.size);
  if (unverified.size === 0) {
    troubles.delete(SUBJECT);
    return;
  }
  const found = [...unverified.values()];
  troubles.set(SUBJECT, `not verified, nothing is shared under: ${found.map(({ pair }) => pair).join(", ")}`);
  log.error({ policies: found }, "policies that are said to be signed do not verify: their pairs are closed");
}
