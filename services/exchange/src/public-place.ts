import { AppError } from "@suar/contract";
import type { Secrets } from "@suar/runtime";

/** What is sealed is as long as what it is made of, and a number has as many digits as it is large: all are filled up to this. */
const LENGTH = 40;

/** A place of the log as strangers are given it: its number would tell how much is released to others, and so would its length. */
export function sealPlace(secrets: Pick<Secrets, "seal">, purpose: string, place: string): string {
  if (place.length > LENGTH) throw new Error("the place is longer than places are");
  return secrets.seal(purpose, place.padEnd(LENGTH));
}

/** Throws `bad-cursor`. */
export function openPlace(secrets: Pick<Secrets, "open">, purpose: string, sealed: string): string {
  try {
    return secrets.open(purpose, sealed).trimEnd();
  } catch (cause) {
    throw new AppError("bad-cursor", "Use 0, or the next of an earlier page", { cause });
  }
}
