import { EMPTY_ROOT, nodeHash, requireHash } from "../hash.ts";

/** The root over an array of leaf hashes, straight from the definition in RFC 9162, section 2.1.1. */
export function rootOfLeaves(leaves: readonly Uint8Array[]): Uint8Array {
  return leaves.length === 0 ? EMPTY_ROOT : rangeRoot(leaves, 0, leaves.length);
}

/** The root over `leaves[start..end)`; the range is not empty. */
export function rangeRoot(leaves: readonly Uint8Array[], start: number, end: number): Uint8Array {
  if (end - start === 1) return requireHash(leaves[start]);
  const middle = start + splitOf(end - start);
  return nodeHash(rangeRoot(leaves, start, middle), rangeRoot(leaves, middle, end));
}

/** The largest power of two below `size`: where the tree divides. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

export function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export const isOdd = (value: number): boolean => value % 2 === 1;

export const half = (value: number): number => Math.floor(value / 2);
