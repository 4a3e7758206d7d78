/**
 * Merkle: the arithmetic of a log that cannot be rewritten unseen.
 *
 * Each release is a leaf. The tree over all leaves is that of RFC 6962 and RFC 9162, so that any transparency
 * tool can check it: an inclusion proof shows that a release is in the log, a consistency proof that a later
 * log holds the earlier one unchanged. The pen of a realm needs no tree to go on writing: a `Frontier` of at
 * most 53 hashes yields every root.
 *
 * Invariants
 * - Hashes of leaves, of nodes and of field commitments begin with different bytes, so that none of them can
 *   be passed off as another (RFC 6962, section 2.1).
 * - A leaf says nothing to somebody who holds no salt: each field is committed to by itself, and a receiver
 *   that is given the value and salt of one field learns nothing about the next.
 * - Verifying answers true or false for any input, however malformed; building throws a `MerkleError`.
 * - Numbers of leaves are safe integers: all arithmetic on them divides, none of it shifts 32-bit words.
 *
 * It imports nothing but `node:crypto`, and must not: the offline verifier is built from this package alone.
 */
export { commitLeaf, fieldSalts, type Opening, opensLeaf } from "./commitment.ts";
export { consistencyProof, verifyConsistency } from "./consistency.ts";
export { MerkleError, type MerkleErrorCode } from "./error.ts";
export {
  appendLeaf,
  emptyFrontier,
  type Frontier,
  parseFrontier,
  rootOf,
  serializeFrontier,
} from "./frontier.ts";
export { EMPTY_ROOT, HASH_SIZE, leafHash, nodeHash, sameHash } from "./hash.ts";
export { inclusionProof, verifyInclusion } from "./inclusion.ts";
export { rootOfLeaves } from "./tree.ts";
