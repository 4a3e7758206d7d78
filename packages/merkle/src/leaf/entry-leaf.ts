import { toBase64 } from "../base64.ts";
import { isOrigin } from "../checkpoint/checkpoint.ts";
import { MerkleError } from "../error.ts";
import { requireHash, sha256 } from "../hash.ts";
import { isSize } from "../tree/tree.ts";

/** An entry as its leaf tells it: everything else is in the commitment. */
export type EntryHead = {
  /** The log's origin when the entry was written. */
  origin: string;
  seq: number;
  /** RFC 3339, UTC, six decimals. */
  loggedAt: string;
  kind: string;
};

/**
 * The leaf of an entry in the log's tree: the leaf hash (RFC 9162, section 2.1.1) of six lines of text,
 *
 *   suar/entry/1 ⏎ origin ⏎ seq ⏎ logged at ⏎ kind ⏎ base64 of the commitment ⏎
 *
 * The entry with `seq` is the leaf with index `seq - 1`: a number stands in one place of the tree only.
 */
export function entryLeaf(head: EntryHead, commitment: Uint8Array): Uint8Array {
  if (!isEntryHead(head)) throw new MerkleError("bad-field", "not the head of an entry");
  const { origin, seq, loggedAt, kind } = head;
  // The zero is the leaf's prefix: as text, so that the whole is hashed without being copied.
  return sha256(
    `\0suar/entry/1\n${origin}\n${seq}\n${loggedAt}\n${kind}\n${toBase64(requireHash(commitment))}\n`,
  );
}

export function isEntryHead({ origin, seq, loggedAt, kind }: EntryHead): boolean {
  if (origin !== known?.origin || kind !== known.kind) {
    if (!isOrigin(origin) || !KIND.test(kind)) return false;
    known = { origin, kind };
  }
  return isSize(seq) && seq > 0 && TIME.test(loggedAt);
}

/** Entries of one log are mostly of one kind: what is the same as before was looked at. */
let known: Pick<EntryHead, "origin" | "kind"> | undefined;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const KIND = /^[a-z][a-z0-9-]{0,63}$/;
