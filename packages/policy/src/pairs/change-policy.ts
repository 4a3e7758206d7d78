import { PairPolicy, pairName } from "./pair-policy.ts";
import { type KeysOf, type PolicySignature, type SignatureRefusal, verifyPolicy } from "./sign-policy.ts";

/** The last version of a pair, in force or to come. */
export type LastVersion = Pick<PairPolicy, "exporter" | "importer" | "version"> & { hash: string };

export type SuccessionRefusal =
  | { code: "other-pair"; expected: string }
  | { code: "version-not-next"; expected: number }
  | { code: "previous-differs"; expected: string };

export type ChangeRefusal = { code: "malformed"; problem: string } | SuccessionRefusal | SignatureRefusal;

export type PolicyChange = { ok: true; policy: PairPolicy } | { ok: false; refusal: ChangeRefusal };

/**
 * Why a policy is not the next one of its pair; undefined where it is. A version is signed for one place in the order of
 * versions and after one that it names, so that nothing that was replaced can be brought back, nor be left out.
 */
export function refuseSuccession(last: LastVersion, next: PairPolicy): SuccessionRefusal | undefined {
  const expected = last.version + 1;
  if (pairName(next) !== pairName(last)) return { code: "other-pair", expected: pairName(last) };
  if (next.version !== expected) return { code: "version-not-next", expected };
  return next.previous === last.hash ? undefined : { code: "previous-differs", expected: last.hash };
}

/** The one way in which a change is judged: it is the next version, and everybody whose word it needs has signed it. */
export function changePolicy(
  last: LastVersion,
  proposed: unknown,
  signatures: readonly PolicySignature[],
  keysOf: KeysOf,
): PolicyChange {
  const parsed = PairPolicy.safeParse(proposed);
  if (!parsed.success) return refused({ code: "malformed", problem: parsed.error.issues[0]?.message ?? "" });
  const policy = parsed.data;
  const refusal = refuseSuccession(last, policy) ?? verifyPolicy(policy, signatures, keysOf);
  return refusal === undefined ? { ok: true, policy } : refused(refusal);
}

function refused(refusal: ChangeRefusal): PolicyChange {
  return { ok: false, refusal };
}
