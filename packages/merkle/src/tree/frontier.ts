import { MerkleError } from "../error.ts";
import { EMPTY_ROOT, HASH_SIZE, nodeHash, requireHash } from "../hash.ts";
import { half, isOdd, isSize } from "./tree.ts";

/**
 * All that is needed to go on writing a log: the roots of its perfect subtrees, the largest first; one for
 * each bit that is set in `size`.
 */
export type Frontier = { readonly size: number; readonly hashes: readonly Uint8Array[] };

export function emptyFrontier(): Frontier {
  return { size: 0, hashes: [] };
}

/** The frontier after one more leaf; the given one stays as it is. */
export function appendLeaf({ size, hashes }: Frontier, leaf: Uint8Array): Frontier {
  if (size >= Number.MAX_SAFE_INTEGER) throw new MerkleError("log-full", "no leaf after 2^53 - 1");
  let kept = hashes.length;
  let carried = requireHash(leaf);
  // As in adding one to a binary number: each trailing one-bit is a subtree that the carry completes.
  for (let rest = size; isOdd(rest); rest = half(rest)) {
    kept -= 1;
    carried = nodeHash(requireHash(hashes[kept]), carried);
  }
  return { size: size + 1, hashes: [...hashes.slice(0, kept), carried] };
}

export function rootOf({ hashes }: Frontier): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

const VERSION = 0x01;
const HEADER_SIZE = 9;

/** version 0x01 ‖ size [8, big-endian] ‖ the hashes, the largest subtree first [32 each] */
export function serializeFrontier({ size, hashes }: Frontier): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE + hashes.length * HASH_SIZE);
  bytes[0] = VERSION;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(size));
  for (const [index, hash] of hashes.entries()) bytes.set(hash, HEADER_SIZE + index * HASH_SIZE);
  return bytes;
}

export function parseFrontier(bytes: Uint8Array): Frontier {
  const bad = (why: string) => new MerkleError("bad-frontier", why);
  if (bytes.length < HEADER_SIZE || bytes[0] !== VERSION) throw bad("not a frontier of version 1");
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(1));
  if (!isSize(size)) throw bad("more leaves than 2^53 - 1");
  const count = onesIn(size);
  if (bytes.length !== HEADER_SIZE + count * HASH_SIZE) throw bad(`${size} leaves need ${count} hashes`);
  const hashes = Array.from({ length: count }, (_, index) => {
    const start = HEADER_SIZE + index * HASH_SIZE;
    return bytes.slice(start, start + HASH_SIZE);
  });
  return { size, hashes };
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = half(rest)) if (isOdd(rest)) ones += 1;
  return ones;
}
