import { AppError } from "@suar/contract";
import { isSignedBy, type Member, type PairPolicy, policyHash } from "@suar/policy";
import type { PolicyTrust, PoolClient } from "@suar/runtime";
import { selectPolicyKey } from "./store/policy-key.ts";

const SIGNATURE_BYTES = 64;

type Given = { key: string; signature: string };
type Accepted = { keyId: string; signature: Buffer; seal: Buffer };

/**
 * Takes a signature by a key that the member registered, that somebody confirmed and nobody revoked. Throws
 * `bad-signature`, which says the same of a key that is not there and of one that is another's.
 */
export async function takeSignature(
  db: PoolClient,
  trust: PolicyTrust,
  { id, policy, member }: { id: string; policy: PairPolicy; member: Member },
  given: Given,
): Promise<Accepted> {
  const key = await selectPolicyKey(db, given.key);
  if (key === undefined || key.member !== member || key.revoked_at !== null)
    throw new AppError("bad-signature", `${member} has no such key`);
  if (key.waits)
    throw new AppError("bad-signature", "An officer of another member has to confirm this key first");
  const signature = Buffer.from(given.signature, "base64");
  const text = signature.toString("base64");
  const isGood =
    signature.length === SIGNATURE_BYTES && isSignedBy(policy, { key: key.public_key, signature: text });
  if (!isGood) throw new AppError("bad-signature", "It is no signature of this policy by this key");
  const taken = { proposal: id, member, key: key.public_key, hash: policyHash(policy), signature: text };
  return { keyId: key.id, signature, seal: trust.sealOf(taken) };
}
