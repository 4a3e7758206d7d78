import type { PolicyDocument, ProposalDocument } from "@suar/contract";
import {
  type KeysOf,
  type PairPolicy,
  type PolicyIndex,
  pairName,
  policyHash,
  verifyPolicy,
} from "@suar/policy";

/** A policy as the platform tells it, with the signatures of the proposal that it names. */
export type ToldPolicy = PolicyDocument & { signatures: ProposalDocument["signatures"] };

export type PolicyFinding = { pair: string; why: string };

/** What one believes without the platform's word; what is not given is not checked. */
export type Beliefs = { keysOf: KeysOf | undefined; shipped: PolicyIndex | undefined };

/** Why a policy cannot be what its members agreed to, or what ships; undefined where nothing speaks against it. */
export function checkPolicy(told: ToldPolicy, { keysOf, shipped }: Beliefs): PolicyFinding | undefined {
  const { pair, policy, hash, version, standing } = told;
  const found = (why: string): PolicyFinding => ({ pair, why });
  if (pairName(policy) !== pair || policy.version !== version)
    return found("it is the policy of another pair or version");
  if (policyHash(policy) !== hash) return found("it has another hash than the platform tells");
  if (standing === "shipped")
    return shipped === undefined || shipped.policies[pair] === hash
      ? undefined
      : found("it is not the one that ships, and nobody signed it");
  return keysOf && unsigned(policy, told.signatures, keysOf, found);
}

/** Pairs that ship, and of which the platform tells nothing. */
export function missingPairs(told: readonly ToldPolicy[], { shipped }: Beliefs): PolicyFinding[] {
  const pairs = new Set(told.map(({ pair }) => pair));
  return Object.keys(shipped?.policies ?? {}).flatMap((pair) =>
    pairs.has(pair) ? [] : [{ pair, why: "the platform tells of no policy for it" }],
  );
}

function unsigned(
  policy: PairPolicy,
  signatures: ProposalDocument["signatures"],
  keysOf: KeysOf,
  found: (why: string) => PolicyFinding,
): PolicyFinding | undefined {
  const signed = signatures.map(({ member, publicKey: key, signature }) => ({ member, key, signature }));
  const refused = verifyPolicy(policy, signed, keysOf);
  return refused && found(`${REFUSALS[refused.code]} ${refused.member}`);
}

const REFUSALS = {
  "signature-missing": "there is no signature of",
  "key-unknown": "it is signed with a key that you do not know as one of",
  "signature-invalid": "the bytes are not those that were signed by",
} as const;
