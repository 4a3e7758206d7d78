import { hash as digest } from "node:crypto";
import { AppError } from "@suar/contract";
import type { Organisation } from "@suar/policy";
import { canonicalJson, type StixObject } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";

/** People read it: this much of it, and no more. */
export const MOST_RED = { objects: 1_000, bytes: 4 * 1024 * 1024 };

/** A person whom a TLP:RED submission names. */
export type Addressee = { person: string; inbox: string; organisation: Organisation };

/** `submitter` is who acts, as `actorOf` writes it: nobody else of the organisation learns of it. */
export type RedContext = ReleaseContext & { submitter: string; people: readonly Addressee[] };

/** What goes to one person's inbox: all that is new to that person. */
export type Letter = {
  to: Addressee;
  objects: StixObject[];
  redacted: number;
  said: { stixId: string; said: Buffer }[];
};

/** One thing said to one person, for looking it up among what was said before. */
export function saidKey(inbox: string, stixId: string, said: Buffer): string {
  return `${inbox} ${stixId} ${said.toString("base64")}`;
}

type LetterFacts = {
  id: string;
  person: string;
  inbox: string;
  organisationId: number;
  objects: number;
  bodyHash: Buffer;
};

/** What was released to whom, by whom, until when, as one value for the log's leaf. */
export function hashOfLetters(
  letters: readonly LetterFacts[],
  { submitter, expires }: { submitter: string; expires: string | null },
): Buffer {
  const end = expires === null ? null : new Date(expires).toISOString();
  const lines = letters.map(({ id, person, inbox, organisationId, objects, bodyHash }) =>
    canonicalJson([id, person, inbox, organisationId, objects, bodyHash.toString("hex"), submitter, end]),
  );
  return digest("sha256", lines.sort().join("\n"), "buffer");
}

export function bodyOfLetter(body: string): Buffer {
  return digest("sha256", body, "buffer");
}

export function tooLarge(): AppError {
  return new AppError(
    "too-large",
    `TLP:RED is read by people: at most ${MOST_RED.objects} objects and ${MOST_RED.bytes} bytes`,
  );
}
