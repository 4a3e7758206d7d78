/**
 * Merkle: the arithmetic and the formats of a log that cannot be rewritten unseen, and the offline verifier.
 *
 * Each entry is a leaf. The tree over all leaves is that of RFC 6962 and RFC 9162, and checkpoints, cosignatures,
 * tiles and proofs are those of C2SP (signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof), so
 * that any transparency tool can check them. The pen of a realm needs no tree to go on writing: a `Frontier` of at
 * most 53 hashes yields every root, a `GrowingTree` the tiles besides. docs/proofs/format.md has every format.
 *
 * Invariants
 * - What is hashed for leaves, nodes, commitments, groups, recipients and fillers begins with a byte of its own
 *   (0x00 to 0x06), so that none can be passed off as another (RFC 6962, section 2.1).
 * - A leaf says nothing to somebody who holds no salt: each group of an entry's facts is committed to by itself,
 *   and a receiver that is given the value and salt of one group learns nothing about the next.
 * - An entry's leaf holds its number, and stands at the index before that number: no number has two contents.
 * - Verifying answers for any input, however malformed, and never throws; building throws a `MerkleError`. What
 *   comes from outside is bounded in size and read strictly: there is one way to write each thing.
 * - A signature of a type or key that is not known here is passed over; one of a known key that does not verify
 *   makes the note worthless.
 * - Numbers of leaves are safe integers: all arithmetic on them divides, none of it shifts 32-bit words.
 *
 * Its folders: tree (roots and proofs over leaves), tiles (the same, kept in pieces), note (signed text), checkpoint
 * (a tree's head, its signatures and who must have signed), leaf (what an entry commits to), receipt (an entry's
 * proof, and the verifier). What all of them stand on lies beside this file.
 *
 * It imports nothing but `node:crypto`, and must not: the offline verifier is built from this package alone.
 */
export { fromBase64, toBase64 } from "./base64.ts";
export {
  type Checkpoint,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from "./checkpoint/checkpoint.ts";
export { formatTlogProof, parseTlogProof, type TlogProof } from "./checkpoint/tlog-proof.ts";
export {
  DEFAULT_QUORUM,
  isOfLog,
  lackingQuorum,
  openUnderPolicy,
  type PolicyCheckpoint,
  type PolicyLog,
  parseWitnessPolicy,
  WITNESS_POLICY_SCHEMA,
  type WitnessPolicy,
} from "./checkpoint/witness-policy.ts";
export { MerkleError, type MerkleErrorCode } from "./error.ts";
export { EMPTY_ROOT, HASH_SIZE, leafHash, nodeHash, sameHash } from "./hash.ts";
export {
  commitGroups,
  committer,
  GROUP_NAMES,
  type GroupName,
  groupCommitment,
  type Opening,
} from "./leaf/commitment.ts";
export { type EntryHead, entryLeaf } from "./leaf/entry-leaf.ts";
export { bodyHash, byValue, type Sent, sentValue, toValue } from "./leaf/group-values.ts";
export {
  type Recipient,
  type RecipientProof,
  recipientProof,
  recipientsRoot,
  verifyRecipient,
} from "./leaf/recipients.ts";
export { type Word, wordCommitment } from "./leaf/word.ts";
export {
  cosignNote,
  formatNote,
  type Note,
  type NoteSignature,
  parseNote,
  type Signed,
  signNote,
  verifyNote,
} from "./note/note.ts";
export {
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  parseVerifierKey,
  SIGNATURE_TYPE,
  type SignerKey,
  signerKey,
  type VerifierKey,
} from "./note/note-key.ts";
export { provePossession, showsPossession } from "./note/possession.ts";
export { History } from "./receipt/history.ts";
export {
  commitmentOf,
  type OpenedGroup,
  parseReceipt,
  RECEIPT_SCHEMA,
  type Receipt,
  type SealedGroup,
} from "./receipt/receipt.ts";
export {
  type ReceiptFailure,
  type VerifiedReceipt,
  type VerifiedResult,
  type VerifyOptions,
  verifyReceipt,
} from "./receipt/verify-receipt.ts";
export type { Read } from "./shape.ts";
export { type FullTile, type GrowingTree, growingTree, growTree } from "./tiles/grow-tree.ts";
export {
  hashesAt,
  parseTilePath,
  partialTiles,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tileWidth,
} from "./tiles/tile.ts";
export {
  consistencyFromTiles,
  inclusionFromTiles,
  type ReadTile,
  rootFromTiles,
  tilesOfConsistency,
  tilesOfInclusion,
} from "./tiles/tile-proofs.ts";
export { consistencyProof, verifyConsistency } from "./tree/consistency.ts";
export {
  appendLeaf,
  emptyFrontier,
  type Frontier,
  parseFrontier,
  rootOf,
  serializeFrontier,
} from "./tree/frontier.ts";
export { inclusionProof, verifyInclusion } from "./tree/inclusion.ts";
export { rootOfLeaves } from "./tree/tree.ts";
