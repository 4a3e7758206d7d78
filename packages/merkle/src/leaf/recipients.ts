import { fromBase64, isText, toBase64 } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { isHash, sameHash, sha256 } from "../hash.ts";
import { perfectRoot } from "../tiles/tile.ts";
import { inclusionProof, verifyInclusion } from "../tree/inclusion.ts";

/**
 * The organisations of an audience, each under a salt of its own, in a small Merkle tree: one can be shown that it
 * is among them, and learns of the others no more than the tree's depth.
 *
 *   recipient = SHA-256( 0x04 ‖ salt [32] ‖ length of code [2] ‖ code )
 *   filler    = SHA-256( 0x05 ‖ secret [32] ‖ its number [4] )
 *
 * Fillers bring their number to the next power of two, sixteen at the least, and all leaves stand in the order of
 * their bytes: neither a place nor a neighbour tells who or how many they are. The tree is that of RFC 9162.
 */
export type Recipient = { readonly organisation: string; readonly salt: Uint8Array };

/** As it stands in a receipt: hashes and salt in Base64. */
export type RecipientProof = { organisation: string; salt: string; index: number; proof: readonly string[] };

const LEAST_LEAVES = 16;
/** 65,536 organisations. */
export const DEEPEST_RECIPIENTS = 16;
const SALT_SIZE = 32;
const LONGEST_CODE = 255;

/** `secret`: 32 bytes that nobody outside knows, another for each audience. */
export function recipientsRoot(recipients: readonly Recipient[], secret: Uint8Array): Uint8Array {
  return perfectRoot(leavesOf(recipients, secret));
}

/** That an organisation is among the recipients; undefined where it is not. */
export function recipientProof(
  recipients: readonly Recipient[],
  secret: Uint8Array,
  organisation: string,
): RecipientProof | undefined {
  const one = recipients.find((recipient) => recipient.organisation === organisation);
  if (one === undefined) return undefined;
  const leaves = leavesOf(recipients, secret);
  const leaf = recipientLeaf(one);
  const index = leaves.findIndex((other) => sameHash(other, leaf));
  const proof = inclusionProof(leaves, index).map(toBase64);
  return { organisation, salt: toBase64(one.salt), index, proof };
}

/** Is the organisation among those of this root? False for anything malformed. */
export function verifyRecipient(
  { organisation, salt, index, proof }: RecipientProof,
  root: Uint8Array,
): boolean {
  const saltBytes = fromBase64(salt);
  const hashes = proof.map(fromBase64);
  if (saltBytes?.length !== SALT_SIZE || proof.length > DEEPEST_RECIPIENTS || !hashes.every(isHash))
    return false;
  if (!isText(organisation) || organisation === "" || organisation.length > LONGEST_CODE) return false;
  return verifyInclusion(
    recipientLeaf({ organisation, salt: saltBytes }),
    index,
    2 ** hashes.length,
    hashes,
    root,
  );
}

function leavesOf(recipients: readonly Recipient[], secret: Uint8Array): Uint8Array[] {
  if (secret.length !== SALT_SIZE) throw new MerkleError("bad-salt", `a secret has ${SALT_SIZE} bytes`);
  let count = LEAST_LEAVES;
  while (count < recipients.length) count *= 2;
  if (count > 2 ** DEEPEST_RECIPIENTS) throw new MerkleError("out-of-range", "too many recipients");
  const fillers = Array.from({ length: count - recipients.length }, (_, number) => {
    const input = Buffer.alloc(1 + SALT_SIZE + 4, 0x05);
    input.set(secret, 1);
    input.writeUInt32BE(number, 1 + SALT_SIZE);
    return sha256(input);
  });
  return [...recipients.map(recipientLeaf), ...fillers].sort(Buffer.compare);
}

function recipientLeaf({ organisation, salt }: Recipient): Uint8Array {
  const code = Buffer.from(organisation, "utf8");
  if (salt.length !== SALT_SIZE) throw new MerkleError("bad-salt", `a salt has ${SALT_SIZE} bytes`);
  if (!isText(organisation) || code.length === 0 || organisation.length > LONGEST_CODE)
    throw new MerkleError("bad-field", "an organisation has a code of 1 to 255 characters");
  return sha256(
    Buffer.concat([Buffer.of(0x04), salt, Buffer.of(code.length >> 8, code.length & 0xff), code]),
  );
}
