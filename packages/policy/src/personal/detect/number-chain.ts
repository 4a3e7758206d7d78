import type { Range } from "../text/fold.ts";

/**
 * Groups of digits with little between them, as people write one number: `110105 1949 1231`, `+65-6123 4567`.
 * `offsets` says where each group begins in `digits`, and at last how many digits there are.
 */
export type NumberChain = { groups: readonly Range[]; digits: string; offsets: readonly number[] };

/** Some neighbouring groups of a chain, taken as one number. */
export type NumberWindow = Range & { digits: string; chain: NumberChain; first: number; last: number };

const SEPARATORS = " ./()-";
const MOST_SEPARATORS = 3;
const LEAST_DIGITS = 6;
/** Longer than every number that we know, an international phone number with its prefix among them. */
const MOST_DIGITS = 18;

/** Whether there are as many digits in a row as the shortest number of a person has. */
export function hasNumber(text: string): boolean {
  return /\d(?:[ ./()-]{0,3}\d){5}/.test(text);
}

/** `\d+(?:[ ./()-]{1,3}\d+)*`, unit by unit: each text that has a number in it is read so, several times. */
export function numberChains(text: string): NumberChain[] {
  const chains: NumberChain[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (!isDigit(text, at)) continue;
    const groups = groupsFrom(text, at);
    at = groups.at(-1)?.end ?? at;
    const first = groups[0]?.start ?? at;
    if (at - first >= LEAST_DIGITS) addChain(chains, text, groups);
  }
  return chains;
}

function groupsFrom(text: string, from: number): Range[] {
  const groups: Range[] = [];
  for (let start = from; start !== -1; ) {
    let end = start + 1;
    while (isDigit(text, end)) end += 1;
    groups.push({ start, end });
    start = groupBehind(text, end);
  }
  return groups;
}

/** Where the next digit stands behind one to three separators; -1 where there is none. */
function groupBehind(text: string, end: number): number {
  for (
    let at = end;
    at < end + MOST_SEPARATORS && SEPARATORS.includes(text.charAt(at)) && at < text.length;
    at += 1
  )
    if (isDigit(text, at + 1)) return at + 1;
  return -1;
}

function addChain(chains: NumberChain[], text: string, groups: readonly Range[]): void {
  let digits = "";
  const offsets = [0];
  for (const { start, end } of groups) {
    digits += text.slice(start, end);
    offsets.push(digits.length);
  }
  if (digits.length >= LEAST_DIGITS) chains.push({ groups, digits, offsets });
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

/** The windows that begin at one group and have a length in digits that is asked for, the longest first. */
export function windowsFrom(chain: NumberChain, first: number, wanted: ReadonlySet<number>): NumberWindow[] {
  const { groups, digits, offsets } = chain;
  const windows: NumberWindow[] = [];
  const from = offsets[first] ?? 0;
  for (let last = first; last < groups.length; last += 1) {
    const to = offsets[last + 1] ?? from;
    if (to - from > MOST_DIGITS) break;
    if (!wanted.has(to - from)) continue;
    const [start, end] = [groups[first]?.start ?? 0, groups[last]?.end ?? 0];
    windows.push({ start, end, digits: digits.slice(from, to), chain, first, last });
  }
  return windows.reverse();
}

/** How many digits each group of a window has. */
export function groupLengths({ chain, first, last }: NumberWindow): number[] {
  return chain.groups.slice(first, last + 1).map(({ start, end }) => end - start);
}

/** Whether a group is a digit behind another: no number begins within digits that are written one by one. */
export function continuesDigits({ offsets }: NumberChain, index: number): boolean {
  const [before = 0, at = 0, end = 0] = offsets.slice(Math.max(0, index - 1), index + 2);
  return index > 0 && at - before === 1 && end - at === 1;
}

/** Digit by digit, and all of them: `1 1 0 1 …` within a longer row of digits is no number. */
export function isSpacedOut({ chain: { groups }, first, last }: NumberWindow): boolean {
  const isDigit = (index: number): boolean => groups[index] !== undefined && lengthOf(groups[index]) === 1;
  if (isDigit(first - 1) || isDigit(last + 1)) return false;
  for (let index = first; index <= last; index += 1) if (!isDigit(index)) return false;
  return true;
}

function lengthOf({ start, end }: Range): number {
  return end - start;
}

/** The first group at or behind a place, from a group on. */
export function groupAfter({ groups }: NumberChain, from: number, end: number): number {
  let next = from;
  while (next < groups.length && (groups[next]?.start ?? end) < end) next += 1;
  return next;
}

/** The set of numbers from the first to the last. */
export function lengths(least: number, most: number): ReadonlySet<number> {
  return new Set(Array.from({ length: most - least + 1 }, (_, index) => least + index));
}

/**
 * Whether a number stands alone: no letter or digit touches it, and it is no part of a longer name such as
 * `kb-5034441`, `v1.2.12345678` or `12345678_9`. Scripts without spaces between words may touch it.
 */
export function standsAlone(text: string, { start, end }: Range): boolean {
  return (
    !/[a-z0-9\x7f](?:[_./=+#-]|[.-]\()?$/.test(text.slice(Math.max(0, start - 3), start)) &&
    endsAlone(text, end)
  );
}

/** As `standsAlone`, where a label has said what the number is: `nric-…`, `tel.…`. */
export function touchesNothing(text: string, { start, end }: Range): boolean {
  return !/[a-z0-9_\x7f]$/.test(text.slice(Math.max(0, start - 1), start)) && endsAlone(text, end);
}

function endsAlone(text: string, end: number): boolean {
  return !/^(?:[a-z0-9_\x7f]|[.=+#-][a-z0-9])/.test(text.slice(end, end + 2));
}
