import { AppError } from "@suar/contract";
import { isSignedBy, type Member, type PairPolicy } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import { selectPolicyKey } from "./store/policy-key.ts";

const SIGNATURE_BYTES = 64;

/**
 * A signature by a key that the member registered, that somebody confirmed and nobody revoked. Throws
 * `bad-signature`, which says the same of a key that is not there and of one that is another's.
 */
export async function checkSignature(
  db: PoolClient,
  policy: PairPolicy,
  member: Member,
  given: { key: string; signature: string },
): Promise<{ keyId: string; signature: Buffer }> {
  const key = await selectPolicyKey(db, given.key);
  if (key === undefined || key.member !== member || key.revoked_at !== null)
    throw new AppError("bad-signature", `${member} has no such key`);
  if (key.waits)
    throw new AppError("bad-signature", "An officer of another member has to confirm this key first");
  const signature = Buffer.from(given.signature, "base64");
  const isGood =
    signature.length === SIGNATURE_BYTES &&
    isSignedBy(policy, { key: key.public_key, signature: signature.toString("base64") });
  if (!isGood) throw new AppError("bad-signature", "It is no signature of this policy by this key");
  return { keyId: key.id, signature };
}
