import { matchesOf } from "./matches.ts";

/**
 * A text as the detectors read it: lower case, digits and punctuation of every script in ASCII, without marks
 * over Latin letters, invisible characters and bidi controls. `starts` leads each unit back to where it stood in
 * the original; undefined where both are equally long.
 */
export type FoldedText = { text: string; original: string; starts: readonly number[] | undefined };

export type Range = { start: number; end: number };

const PLAIN_ASCII = /^[\t\n\r\x20-\x7e]*$/;

export function fold(original: string): FoldedText {
  if (PLAIN_ASCII.test(original)) return { text: original.toLowerCase(), original, starts: undefined };
  const parts: string[] = [];
  const starts: number[] = [];
  for (let at = 0; at < original.length; ) {
    const code = original.codePointAt(at) ?? 0;
    const folded = foldedOf(code);
    if (folded !== "") {
      parts.push(folded);
      for (let unit = 0; unit < folded.length; unit += 1) starts.push(at);
    }
    at += code > 0xffff ? 2 : 1;
  }
  return { text: parts.join(""), original, starts };
}

/** A word as `fold` would leave it, for comparing. */
export function foldedWord(word: string): string {
  return fold(word).text;
}

/** Where a range of the folded text stands in the original, with what is invisible at its end. */
export function rangeInOriginal({ original, starts }: FoldedText, { start, end }: Range): Range {
  if (starts === undefined) return { start, end };
  return { start: starts[start] ?? original.length, end: starts[end] ?? original.length };
}

/** A folded text in which parts are replaced by others; what replaces begins where the replaced one did. */
export function replaceFolded(folded: FoldedText, form: RegExp, by: (match: string) => string): FoldedText {
  const parts: string[] = [];
  const starts: number[] = [];
  let done = 0;
  const copy = (to: number): void => {
    parts.push(folded.text.slice(done, to));
    for (let unit = done; unit < to; unit += 1) starts.push(folded.starts?.[unit] ?? unit);
    done = to;
  };
  for (const match of matchesOf(folded.text, form)) {
    copy(match.index);
    const replacement = by(match[0]);
    parts.push(replacement);
    for (let unit = 0; unit < replacement.length; unit += 1)
      starts.push(folded.starts?.[match.index] ?? match.index);
    done = match.index + match[0].length;
  }
  if (done === 0) return folded;
  copy(folded.text.length);
  return { text: parts.join(""), original: folded.original, starts };
}

const known: (string | undefined)[] = new Array<string | undefined>(0x1_0000).fill(undefined);

function foldedOf(code: number): string {
  if (code > 0xffff) return makeFolded(code);
  const before = known[code];
  if (before !== undefined) return before;
  const folded = makeFolded(code);
  known[code] = folded;
  return folded;
}

const LATIN_MARKS = /[\u0300-\u036f]/g;
const IGNORED = /^(?:\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u0300-\u036f\u20e3])$/u;
const SPACE = /^[\p{Zs}\t]$/u;
const DASH = /^[\p{Pd}\u2212]$/u;
const DIGIT = /^\p{Nd}$/u;

/** What normalization leaves as it is, though it reads like the other. */
const ALIKE: ReadonlyMap<string, string> = new Map([
  ["\r", "\n"],
  ["\u2028", "\n"],
  ["\u2029", "\n"],
  ["\u0111", "d"],
  ["\u0110", "d"],
  ["\u3002", "."],
  ["\uff61", "."],
  ["\u00b7", "."],
  ["\u30fb", "."],
  ["\u2022", "."],
  ["\u2044", "/"],
  ["\u2215", "/"],
]);

function makeFolded(code: number): string {
  const character = String.fromCodePoint(code);
  const alike = ALIKE.get(character);
  if (alike !== undefined) return alike;
  if (IGNORED.test(character)) return "";
  if (SPACE.test(character)) return " ";
  if (DASH.test(character)) return "-";
  if (code < 0x20 || code === 0x7f) return character === "\n" ? "\n" : "";
  const decomposed = character.normalize("NFKD").replace(LATIN_MARKS, "");
  if (decomposed === character && DIGIT.test(character)) return String(digitValue(code));
  return decomposed.replaceAll("\u2044", "/").toLowerCase().replace(LATIN_MARKS, "");
}

/** Unicode sets the ten digits of a script in a row that begins at an offset of 0 or 6. */
function digitValue(code: number): number {
  const low = code & 15;
  if (low < 10 && DIGIT.test(String.fromCodePoint(code - low))) return low;
  return low - 6;
}
