import { MerkleError } from "../error.ts";
import { isHash, nodeHash, sameHash } from "../hash.ts";
import { inclusionRanges } from "./range.ts";
import { half, isOdd, isSize, rangeRoot } from "./tree.ts";

/** PATH(index, leaves), the neighbours on the way from a leaf to the root: RFC 9162, section 2.1.3.1. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!isSize(index) || index >= leaves.length) throw new MerkleError("out-of-range", `no leaf ${index}`);
  return inclusionRanges(leaves.length, index).map(({ start, end }) => rangeRoot(leaves, start, end));
}

/** Is this leaf the one with this index in the log of this size and root? RFC 9162, section 2.1.3.2. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  if (!isHash(leaf) || !proof.every(isHash)) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      // A last node without a right neighbour rises until it is itself a right one.
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && sameHash(hash, root);
}
