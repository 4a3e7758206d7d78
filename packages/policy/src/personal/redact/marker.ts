import { hash } from "node:crypto";
import type { PiiClass } from "../../personal-data.ts";

const WORDS: Readonly<Record<PiiClass, string>> = {
  person: "person",
  email: "email",
  phone: "phone",
  nationalId: "national id",
  passport: "passport",
  victimIp: "ip address",
  account: "account",
  unlisted: "unlisted",
};

const ONE = `\\[(?:${Object.values(WORDS).join("|")}) (?:removed|[a-p]{20})\\]`;
const MARKER = new RegExp(`^(?:${ONE}|\\S?\\*{3}(?: \\S?\\*{3})*)$`, "u");

/** What stands in the place of what was removed. */
export function removed(kind: PiiClass): string {
  return `[${WORDS[kind]} removed]`;
}

/** What stands in the place of what was replaced: the same for the same, and nothing to be read from it. */
export function replaced(kind: PiiClass, pseudonym: string): string {
  return `[${WORDS[kind]} ${pseudonym}]`;
}

const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  [..."0123456789abcdef"].map((digit, at) => [digit, "abcdefghijklmnop".charAt(at)]),
);

/** Twenty letters of a pseudonym: digits could look like somebody's number again. */
export function lettersOf(pseudonym: string): string {
  let letters = "";
  for (const digit of hash("sha256", pseudonym).slice(0, 20)) letters += LETTERS[digit];
  return letters;
}

/** Of each word the first letter. */
export function maskedWords(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.map((word) => `${[...word][0] ?? ""}***`).join(" ") || "***";
}

/** Whether a name is one of ours, or masked by us: a first letter and stars in each word. */
export function isMarker(text: string): boolean {
  return MARKER.test(text);
}

/** A marker where blanks and brackets may not stand: in a URL, a file's name. */
export function inValue(marker: string): string {
  return marker.slice(1, -1).replaceAll(" ", "-");
}
