import { sign, verify } from "node:crypto";
import { fromBase64, isText, toBase64 } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { isKeyName, SIGNATURE_TYPE, type SignerKey, type VerifierKey } from "./note-key.ts";

/**
 * C2SP signed-note: text that ends in a newline, an empty line, and signature lines
 * `— <key name> <base64 of key id [4] ‖ signature>`. A cosignature (C2SP tlog-cosignature, type 0x04) is such a
 * line whose signature is time [8, big-endian] ‖ Ed25519 [64], over `cosignature/v1\ntime <time>\n` and the text.
 */
export type NoteSignature = { name: string; id: string; bytes: Uint8Array };
export type Note = { text: string; signatures: readonly NoteSignature[] };

/** Which key signed; `time` (POSIX seconds) where the signature is a cosignature. */
export type Signed = { key: VerifierKey; time?: number };

const LONGEST_NOTE = 512 * 1024;
/** Post-quantum signatures have up to 5 kB; the specification asks for 16 or more signatures. */
const LONGEST_SIGNATURE = 8_192;
const MOST_SIGNATURES = 128;
const ED25519_SIZE = 64;
const TIME_SIZE = 8;

/** The parts of a note, none of them verified; undefined for what is no note. */
export function parseNote(note: string): Note | undefined {
  if (!isText(note) || note.length > LONGEST_NOTE || hasControls(note)) return undefined;
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) return undefined;
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) return undefined;
  const signatures = lines.map(parseSignature);
  if (!signatures.every((one) => one !== undefined)) return undefined;
  return { text: note.slice(0, split + 1), signatures };
}

export function formatNote({ text, signatures }: Note): string {
  checkText(text);
  return `${text}\n${signatures.map(signatureLine).join("")}`;
}

/** Signs a text as a key of type 0x01 does; any text that ends in a newline. */
export function signNote(text: string, signer: SignerKey): NoteSignature {
  checkText(text);
  if (signer.type !== SIGNATURE_TYPE.ed25519)
    throw new MerkleError("bad-key", "a key that cosigns signs no note");
  return { name: signer.name, id: signer.id, bytes: sign(null, Buffer.from(text), signer.key) };
}

/** Cosigns the text of a checkpoint at a time, in POSIX seconds. */
export function cosignNote(text: string, signer: SignerKey, time: number): NoteSignature {
  checkText(text);
  if (signer.type !== SIGNATURE_TYPE.cosignature) throw new MerkleError("bad-key", "not a key that cosigns");
  if (!Number.isSafeInteger(time) || time <= 0) throw new MerkleError("out-of-range", "not a POSIX time");
  const bytes = Buffer.alloc(TIME_SIZE + ED25519_SIZE);
  bytes.writeBigUInt64BE(BigInt(time));
  bytes.set(sign(null, cosigned(text, time), signer.key), TIME_SIZE);
  return { name: signer.name, id: signer.id, bytes };
}

/**
 * Who of these keys signed the note. Lines of other keys, and of types that cannot be verified here, are passed
 * over; one line of a known key that does not verify makes the whole note worthless (C2SP signed-note,
 * "Signatures").
 */
export function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
): { ok: true; signed: Signed[] } | { ok: false; key: VerifierKey } {
  const signed = new Map<VerifierKey, Signed>();
  for (const signature of note.signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (key?.key === undefined || signed.has(key)) continue;
    const one = verifySignature(note.text, signature.bytes, key);
    if (one === undefined) return { ok: false, key };
    signed.set(key, one);
  }
  return { ok: true, signed: [...signed.values()] };
}

function verifySignature(text: string, bytes: Uint8Array, key: VerifierKey): Signed | undefined {
  if (key.key === undefined) return undefined;
  if (key.type === SIGNATURE_TYPE.ed25519) {
    const fits = bytes.length === ED25519_SIZE && verify(null, Buffer.from(text), key.key, bytes);
    return fits ? { key } : undefined;
  }
  if (bytes.length !== TIME_SIZE + ED25519_SIZE) return undefined;
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  if (!Number.isSafeInteger(time)) return undefined;
  return verify(null, cosigned(text, time), key.key, bytes.subarray(TIME_SIZE)) ? { key, time } : undefined;
}

function cosigned(text: string, time: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5 || bytes.length > LONGEST_SIGNATURE)
    return undefined;
  return { name, id: Buffer.from(bytes.subarray(0, 4)).toString("hex"), bytes: bytes.subarray(4) };
}

function signatureLine({ name, id, bytes }: NoteSignature): string {
  return `— ${name} ${toBase64(Buffer.concat([Buffer.from(id, "hex"), bytes]))}\n`;
}

function checkText(text: string): void {
  if (!isText(text) || !text.endsWith("\n") || hasControls(text))
    throw new MerkleError("bad-note", "a note's text ends in a newline and has no other control in it");
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}
