import { MerkleError } from "../error.ts";
import { EMPTY_ROOT, isHash, nodeHash, sameHash } from "../hash.ts";
import { consistencyRanges } from "./range.ts";
import { half, isOdd, isSize, rangeRoot } from "./tree.ts";

/**
 * PROOF(m, leaves[0..n)): that the log of `n` leaves begins with that of `m`. RFC 9162, section 2.1.4.1.
 * Empty where there is nothing to show: from no leaves, or between equal sizes.
 */
export function consistencyProof(leaves: readonly Uint8Array[], m: number, n: number): Uint8Array[] {
  if (!isSize(m) || !isSize(n) || m > n || n > leaves.length) {
    throw new MerkleError("out-of-range", `no logs of ${m} and ${n} leaves`);
  }
  return consistencyRanges(m, n).map(({ start, end }) => rangeRoot(leaves, start, end));
}

/** Does the log of size `n` begin with the log of size `m`? RFC 9162, section 2.1.4.2. */
export function verifyConsistency(
  m: number,
  n: number,
  proof: readonly Uint8Array[],
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
): boolean {
  if (!isSize(m) || !isSize(n) || m > n || !proof.every(isHash)) return false;
  if (m === n)
    return proof.length === 0 && sameHash(oldRoot, newRoot) && (m > 0 || sameHash(oldRoot, EMPTY_ROOT));
  if (m === 0) return proof.length === 0 && sameHash(oldRoot, EMPTY_ROOT) && isHash(newRoot);

  let node = m - 1;
  let last = n - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // An old log that is one perfect subtree of the new one is where the path begins: its root is known.
  const path = node === 0 ? [oldRoot, ...proof] : proof;
  const [first, ...siblings] = path;
  return first !== undefined && isHash(first) && climb(first, siblings, node, last, oldRoot, newRoot);
}

function climb(
  first: Uint8Array,
  siblings: readonly Uint8Array[],
  start: number,
  end: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
): boolean {
  let [node, last, oldHash, newHash] = [start, end, first, first];
  for (const sibling of siblings) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && sameHash(oldHash, oldRoot) && sameHash(newHash, newRoot);
}
