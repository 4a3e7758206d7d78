import { fromBase64, toBase64 } from "../base64.ts";
import { cosignNote, verifyNote } from "./note.ts";
import type { SignerKey, VerifierKey } from "./note-key.ts";

/**
 * That whoever registers a witness's key has its private half: the key's word for one member, by which no other member can
 * register it. Two lines are no checkpoint, so that nothing is cosigned with it.
 */
export function provePossession(key: SignerKey, member: string, time: number): string {
  return toBase64(cosignNote(textFor(member), key, time).bytes);
}

export function showsPossession(key: VerifierKey, member: string, proof: string): boolean {
  const bytes = fromBase64(proof);
  if (bytes === undefined) return false;
  const signatures = [{ name: key.name, id: key.id, bytes }];
  const verified = verifyNote({ text: textFor(member), signatures }, [key]);
  return verified.ok && verified.signed.length > 0;
}

function textFor(member: string): string {
  return `suar/witness-key/1\n${member}\n`;
}
