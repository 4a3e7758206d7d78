import { hash } from "node:crypto";
import { MerkleError } from "./error.ts";

export const HASH_SIZE = 32;

const LEAF_PREFIX = Uint8Array.of(0x00);
const NODE_PREFIX = Uint8Array.of(0x01);
const COMMITMENT_PREFIX = Uint8Array.of(0x02);

/** The root of a log without leaves: the hash of nothing (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Uint8Array = sha256();

/** SHA-256(0x00 ‖ data): RFC 9162, section 2.1.1. */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(LEAF_PREFIX, data);
}

/** SHA-256(0x01 ‖ left ‖ right): RFC 9162, section 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE_PREFIX, left, right);
}

/** Ours, under a third prefix; its layout is described in `commitment.ts`. */
export function commitmentHash(...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(COMMITMENT_PREFIX, ...parts);
}

/** Everything that is compared here is public, so that the comparison need not hide its time. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return isHash(a) && isHash(b) && a.every((byte, index) => byte === b[index]);
}

export function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_SIZE;
}

export function requireHash(value: Uint8Array): Uint8Array {
  if (!isHash(value)) throw new MerkleError("bad-hash", `a hash has ${HASH_SIZE} bytes`);
  return value;
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(hash("sha256", Buffer.concat(parts), "buffer"));
}
