import type { Span } from "./span.ts";
import { PASSPORT_WORDS } from "./words.ts";

/**
 * Passport numbers have no check of their own and look like a thousand other things, so that a word must say what
 * they are. The shapes of the twelve members (E12345678 and EA1234567 of CN, K1234567A of SG, A12345678 of MY,
 * AA1234567 of TH, P1234567A of PH …) lie within one: up to two letters, six to nine digits, up to one letter.
 */
const NUMBER =
  /^[^\da-z\n]{0,12}(?:(?:no|number|num|nombor|nomor|so|is|la|adalah|ialah)[^\da-z\n]{0,6})?((?:[a-z][ -]?){0,2}\d(?:[ -]?\d){5,8}(?:[ -]?[a-z])?)(?![\da-z])/;

/** Of every number that is looked for; words are many, and numbers of such length few. */
const DIGITS = /\d(?:[ -]?\d){5}/;

export function findPassports(text: string): Span[] {
  if (!DIGITS.test(text)) return [];
  const spans: Span[] = [];
  for (const end of PASSPORT_WORDS.endsIn(text)) {
    let from = end;
    // One word may introduce several: `passports E12345678, E87654321`.
    for (;;) {
      const match = NUMBER.exec(text.slice(from, from + 56));
      const value = match?.[1];
      if (match === null || value === undefined) break;
      const start = from + match[0].lastIndexOf(value);
      from = start + value.length;
      spans.push({ class: "passport", start, end: from });
    }
  }
  return spans;
}
