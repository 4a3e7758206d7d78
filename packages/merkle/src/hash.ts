import { hash } from "node:crypto";
import { MerkleError } from "./error.ts";

export const HASH_SIZE = 32;

const NODE_PREFIX = 0x01;

/** The root of a log without leaves: the hash of nothing (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Uint8Array = sha256("");

/** SHA-256(0x00 ‖ data): RFC 9162, section 2.1.1. */
export function leafHash(data: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(1 + data.length);
  input[0] = 0x00;
  input.set(data, 1);
  return sha256(input);
}

const node = Buffer.alloc(1 + 2 * HASH_SIZE, NODE_PREFIX);

/** SHA-256(0x01 ‖ left ‖ right): RFC 9162, section 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_SIZE || right.length !== HASH_SIZE) throw badHash();
  node.set(left, 1);
  node.set(right, 1 + HASH_SIZE);
  return sha256(node);
}

/** Everything that is compared here is public, so that the comparison need not hide its time. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return isHash(a) && isHash(b) && a.every((byte, index) => byte === b[index]);
}

export function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_SIZE;
}

export function requireHash(value: Uint8Array | undefined): Uint8Array {
  if (!isHash(value)) throw badHash();
  return value;
}

function badHash(): MerkleError {
  return new MerkleError("bad-hash", `a hash has ${HASH_SIZE} bytes`);
}

/**
 * By way of a string: node:crypto gives each digest that it hands out as bytes an ArrayBuffer of its own, which
 * takes four times as long as the hash. A text is hashed as UTF-8.
 */
export function sha256(input: Uint8Array | string): Uint8Array {
  const bytes = new Uint8Array(HASH_SIZE);
  sha256Into(input, bytes, 0);
  return bytes;
}

/** The same, into bytes that are there. */
export function sha256Into(input: Uint8Array | string, into: Uint8Array, from: number): void {
  const digest = hash("sha256", input, "binary");
  for (let at = 0; at < HASH_SIZE; at++) into[from + at] = digest.charCodeAt(at);
}
