import { formatTlp } from "@suar/stix";
import type { Statement } from "./blocklist.ts";
import { exerciseOf } from "./marking-lines.ts";

/** Rules of other sources have numbers below: local ones up to two millions, common sources up to three. */
const FIRST_SID = 3_000_000;
/** As many rules has an item at most: two for each of so many values. */
const RULES_OF_ITEM = 64;
export const MOST_VALUES = RULES_OF_ITEM / 2;
const MOST_ITEMS = 67_000_000;

/** A rule's number: it stays the item's as long as the item is in the log, whatever else comes and goes. */
export function sidOf({ item: { seq } }: Statement, place: number): number {
  return FIRST_SID + (seq % MOST_ITEMS) * RULES_OF_ITEM + place;
}

/** What a rule says. Nothing that a member wrote freely is in it: no quote, semicolon or backslash can be. */
export function messageOf({ item: { object, producer, tlp }, exercise }: Statement): string {
  const real = `Suar ${producer} ${object.id} ${formatTlp(tlp)}`;
  return (exercise === undefined ? real : `${exerciseOf(exercise)} ${real}`).replace(
    /[^A-Za-z0-9 .:+_-]/g,
    "_",
  );
}

const PLAIN = /[A-Za-z0-9._/-]/;

/** A text between the quotes of `content`: whatever means something to a rule is written as bytes. */
export function contentOf(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return PLAIN.test(sign) ? sign : hexOf(byte);
    })
    .join("");
}

export function hexOf(byte: number): string {
  return `|${byte.toString(16).toUpperCase().padStart(2, "0")}|`;
}
