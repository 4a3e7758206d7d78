import { hash as digest } from "node:crypto";
import { AppError } from "@suar/contract";
import type { Organisation } from "@suar/policy";
import type { StixObject } from "@suar/stix";
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

/** What was released to whom, as one value for the log's leaf. */
export function hashOfLetters(letters: readonly { to: Addressee; body: string }[]): Buffer {
  const lines = letters.map(({ to, body }) => `${to.inbox} ${digest("sha256", body)}`);
  return digest("sha256", lines.sort().join("\n"), "buffer");
}

export function tooLarge(): AppError {
  return new AppError(
    "too-large",
    `TLP:RED is read by people: at most ${MOST_RED.objects} objects and ${MOST_RED.bytes} bytes`,
  );
}
