import type { PolicyDocument, ProposalDocument } from "@suar/contract";
import {
  type KeysOf,
  type PairPolicy,
  type PolicyIndex,
  pairName,
  policyHash,
  verifyPolicy,
} from "@suar/policy";

type Signatures = ProposalDocument["signatures"];

/** A policy as the platform tells it, with the signatures of the proposal that it names. */
export type ToldPolicy = PolicyDocument & { signatures: Signatures };

export type PolicyFinding = { pair: string; why: string };

/** What one believes without the platform's word; what is not given is not checked. */
export type Beliefs = { keysOf: KeysOf | undefined; shipped: readonly PolicyIndex[] };

/** Why a policy cannot be what its members agreed to, or what ships; undefined where nothing speaks against it. */
export function checkPolicy(told: ToldPolicy, { keysOf, shipped }: Beliefs): PolicyFinding | undefined {
  const { pair, policy, hash, version, standing } = told;
  const found = (why: string): PolicyFinding => ({ pair, why });
  if (policy === null || standing === "unverified")
    return found(
      `version ${version} is not in force: the platform itself cannot verify it (${told.problem})`,
    );
  if (pairName(policy) !== pair || policy.version !== version)
    return found("it is the policy of another pair or version");
  if (policyHash(policy) !== hash) return found("it has another hash than the platform tells");
  if (standing === "shipped")
    return shipped.length === 0 || shipped.some(({ policies }) => policies[pair] === hash)
      ? undefined
      : found("it is not the one that ships, and nobody signed it");
  const why = keysOf && unsigned(policy, told.signatures, keysOf);
  return why === undefined ? undefined : found(why);
}

/** Pairs that ship, and of which the platform tells nothing. */
export function missingPairs(told: readonly ToldPolicy[], { shipped }: Beliefs): PolicyFinding[] {
  const pairs = new Set(told.map(({ pair }) => pair));
  const known = new Set(shipped.flatMap(({ policies }) => Object.keys(policies)));
  return [...known].flatMap((pair) =>
    pairs.has(pair) ? [] : [{ pair, why: "the platform tells of no policy for it" }],
  );
}

/** Why the signatures are not those of its members; undefined where they are. */
export function unsigned(policy: PairPolicy, signatures: Signatures, keysOf: KeysOf): string | undefined {
  const signed = signatures.map(({ member, publicKey: key, signature }) => ({ member, key, signature }));
  const refused = verifyPolicy(policy, signed, keysOf);
  return refused && `${REFUSALS[refused.code]} ${refused.member}`;
}

const REFUSALS = {
  "signature-missing": "there is no signature of",
  "key-unknown": "it is signed with a key that you do not know as one of",
  "signature-invalid": "the bytes are not those that were signed by",
} as const;
