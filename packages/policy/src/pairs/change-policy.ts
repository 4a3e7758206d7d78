import { PairPolicy } from "./pair-policy.ts";
import { type PolicySet, pairOf, withPolicy } from "./policy-set.ts";
import { type KeysOf, type PolicySignature, type SignatureRefusal, verifyPolicy } from "./sign-policy.ts";

export type ChangeRefusal =
  | { code: "malformed"; problem: string }
  | { code: "pair-missing" }
  | { code: "version-not-next"; expected: number }
  | SignatureRefusal;

export type PolicyChange = { ok: true; policies: PolicySet } | { ok: false; refusal: ChangeRefusal };

/**
 * The set in which a proposed policy is in force. A version is signed for one place in the order of versions, so that
 * what was signed once cannot be brought back when it has been replaced.
 */
export function changePolicy(
  policies: PolicySet,
  proposed: unknown,
  signatures: readonly PolicySignature[],
  keysOf: KeysOf,
): PolicyChange {
  const parsed = PairPolicy.safeParse(proposed);
  if (!parsed.success) return refused({ code: "malformed", problem: parsed.error.issues[0]?.message ?? "" });
  const policy = parsed.data;
  const current = pairOf(policies, policy.exporter, policy.importer);
  if (current === undefined) return refused({ code: "pair-missing" });
  const expected = current.policy.version + 1;
  if (policy.version !== expected) return refused({ code: "version-not-next", expected });
  const refusal = verifyPolicy(policy, signatures, keysOf);
  if (refusal !== undefined) return refused(refusal);
  return { ok: true, policies: withPolicy(policies, { policy, standing: "signed" }) };
}

function refused(refusal: ChangeRefusal): PolicyChange {
  return { ok: false, refusal };
}
