import { AppError } from "@suar/contract";
import {
  type ChangeRefusal,
  changePolicy,
  type LastVersion,
  Member,
  type PairPolicy,
  type PolicySet,
  pairName,
  pairOf,
  refuseSuccession,
} from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import { selectActiveKeys } from "./store/policy-key.ts";
import { lockPair, type ProposalRow, selectLastSigned } from "./store/policy-proposal.ts";

/** Throws `conflict` for a policy that is not the next of its pair; until the transaction ends nobody else signs one. */
export async function requireNext(db: PoolClient, shipped: PolicySet, policy: PairPolicy): Promise<void> {
  const refusal = refuseSuccession(await lastVersion(db, shipped, policy), policy);
  if (refusal !== undefined) throw refusalOf(refusal);
}

/** Throws unless it is the pair's next version, signed by all whose word it needs. */
export async function requireChange(
  db: PoolClient,
  shipped: PolicySet,
  { policy: text, signatures }: ProposalRow,
  policy: PairPolicy,
): Promise<void> {
  const last = await lastVersion(db, shipped, policy);
  const keys = await selectActiveKeys(db);
  const given = signatures.map(({ member, public_key: key, signature }) => {
    return { member: Member.parse(member), key, signature: signature.replaceAll("\n", "") };
  });
  const change = changePolicy(last, JSON.parse(text), given, (member) =>
    keys.filter((key) => key.member === member).map(({ public_key: key }) => key),
  );
  if (!change.ok) throw refusalOf(change.refusal);
}

async function lastVersion(db: PoolClient, shipped: PolicySet, policy: PairPolicy): Promise<LastVersion> {
  const { exporter, importer } = policy;
  await lockPair(db, pairName(policy));
  const signed = await selectLastSigned(db, exporter, importer);
  if (signed !== undefined) return { exporter, importer, ...signed };
  const first = pairOf(shipped, exporter, importer);
  if (first === undefined) throw new AppError("not-found", "There is no such pair");
  return { exporter, importer, version: first.policy.version, hash: first.hash };
}

function refusalOf(refusal: ChangeRefusal): AppError {
  switch (refusal.code) {
    case "version-not-next":
      return new AppError("conflict", `The next version of this policy is ${refusal.expected}`);
    case "previous-differs":
      return new AppError("conflict", `Its previous is the hash of the last version: ${refusal.expected}`);
    case "other-pair":
      return new AppError("conflict", `The policy is for ${refusal.expected}`);
    case "malformed":
      return new AppError("conflict", "What was proposed is no policy any more");
    default:
      return new AppError(
        "bad-signature",
        `What ${refusal.member} signed is not this policy (${refusal.code})`,
      );
  }
}
