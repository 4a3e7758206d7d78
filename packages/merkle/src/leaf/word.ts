import { isText } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { HASH_SIZE, sha256 } from "../hash.ts";

/** What one person said, as an opaque text (canonical JSON), and the secret that keeps others from guessing it. */
export type Word = { readonly statement: string; readonly salt: Uint8Array };

/**
 * What an entry commits to of the word of one who agreed to it: SHA-256( 0x06 ‖ salt [32] ‖ statement ). All who
 * receive the entry see it; those who spoke hold statement and salt, and can tell their own word from one that nobody
 * of them gave.
 */
export function wordCommitment({ statement, salt }: Word): Uint8Array {
  if (salt.length !== HASH_SIZE) throw new MerkleError("bad-salt", `a salt has ${HASH_SIZE} bytes`);
  if (!isText(statement)) throw new MerkleError("bad-field", "text holds half a surrogate pair");
  return sha256(Buffer.concat([Buffer.of(0x06), salt, Buffer.from(statement)]));
}
