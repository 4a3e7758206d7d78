import { fromBase64, isText, toBase64 } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { EMPTY_ROOT, isHash, sameHash } from "../hash.ts";
import { formatNote, type Note, parseNote, type Signed, signNote, verifyNote } from "../note/note.ts";
import type { SignerKey, VerifierKey } from "../note/note-key.ts";
import { isSize } from "../tree/tree.ts";

/** C2SP tlog-checkpoint: origin, tree size and root hash, a line each; then lines that say nothing of the tree. */
export type Checkpoint = {
  origin: string;
  size: number;
  root: Uint8Array;
  /** Kept as they stand, since cosignatures cover them; nothing here reads them. */
  extensions?: readonly string[];
};

export type OpenedCheckpoint = { checkpoint: Checkpoint; note: Note; signed: Signed[] };

const LONGEST_ORIGIN = 255;

export function isOrigin(origin: unknown): origin is string {
  return isText(origin) && origin.length > 0 && origin.length <= LONGEST_ORIGIN && !/\p{Cc}/u.test(origin);
}

export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  if (!isOrigin(origin) || !isSize(size) || !isHash(root))
    throw new MerkleError("bad-note", "a checkpoint has an origin, a size and a root");
  if (extensions.some((line) => line === "" || line.includes("\n")))
    throw new MerkleError("bad-note", "an extension line is one line, and not empty");
  return [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join("");
}

/** The text of a checkpoint, without signatures; undefined for anything else. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith("\n")) return undefined;
  const [origin, digits, hash, ...extensions] = text.slice(0, -1).split("\n");
  if (!isOrigin(origin) || digits === undefined || hash === undefined || extensions.includes(""))
    return undefined;
  const size = /^(?:0|[1-9][0-9]{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  const root = fromBase64(hash);
  if (!isSize(size) || !isHash(root) || (size === 0 && !sameHash(root, EMPTY_ROOT))) return undefined;
  return { origin, size, root, extensions };
}

/** A signed checkpoint: what a log publishes and witnesses cosign. */
export function signCheckpoint(checkpoint: Checkpoint, signer: SignerKey): string {
  const text = formatCheckpoint(checkpoint);
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

/**
 * A checkpoint that one of the log's keys has signed, with who of the witnesses' keys did. Undefined for anything
 * else, also where a line of one of these keys does not verify.
 */
export function openCheckpoint(
  signedNote: string,
  logKeys: readonly VerifierKey[],
  witnessKeys: readonly VerifierKey[] = [],
): OpenedCheckpoint | undefined {
  const note = parseNote(signedNote);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) return undefined;
  const verified = verifyNote(note, [...logKeys, ...witnessKeys]);
  if (!verified.ok || !verified.signed.some(({ key }) => logKeys.includes(key))) return undefined;
  return { checkpoint, note, signed: verified.signed };
}
