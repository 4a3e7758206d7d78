import type { Range } from "../text/fold.ts";
import { isRecentInstant, NATIONAL_NUMBERS, type NationalNumber } from "./national-numbers.ts";
import {
  continuesDigits,
  groupAfter,
  groupLengths,
  isSpacedOut,
  type NumberChain,
  type NumberWindow,
  numberChains,
  standsAlone,
  touchesNothing,
  windowsFrom,
} from "./number-chain.ts";
import type { Span } from "./span.ts";
import { NATIONAL_ID_WORDS, WordPlaces } from "./words.ts";

/** How far before a number the word may stand that says what it is. */
const REACH = 32;

const BY_LENGTH = Map.groupBy(NATIONAL_NUMBERS, ({ length }) => length);
const CERTAIN = NATIONAL_NUMBERS.filter(({ certain }) => certain === true);

const LIKELY_LENGTHS: ReadonlySet<number> = new Set(BY_LENGTH.keys());
/** The last of eighteen may be an X. */
const CERTAIN_LENGTHS: ReadonlySet<number> = new Set([17, 18]);

/** Identity numbers of digits alone, in a text without technical numbers whose chains are given. */
export function findNationalIds(text: string, chains: readonly NumberChain[]): Span[] {
  const words = new WordPlaces(text, NATIONAL_ID_WORDS);
  const likely = found(chains, LIKELY_LENGTHS, (window) => likelyAt(text, window, words));
  return [...likely, ...findLabelled(text, words)];
}

const LEAST_DIGITS = Math.min(...CERTAIN_LENGTHS);
const NONE: readonly Span[] = [];

/** Only those that carry their own proof, be they within a URL. */
export function findCertainIds(whole: string, chains: readonly NumberChain[]): readonly Span[] {
  // Names of files have no spaces.
  const isName = whole.includes("_");
  const text = isName ? whole.replaceAll("_", "-") : whole;
  const long = (isName ? numberChains(text) : chains).filter(({ digits }) => digits.length >= LEAST_DIGITS);
  return long.length === 0 ? NONE : found(long, CERTAIN_LENGTHS, (window) => certainAt(text, window));
}

type Judge = (window: NumberWindow) => Range | undefined;

function found(chains: readonly NumberChain[], wanted: ReadonlySet<number>, judge: Judge): Span[] {
  const spans: Span[] = [];
  for (const chain of chains) {
    for (let first = 0; first < chain.groups.length; ) {
      const range = firstOf(windowsFrom(chain, first, wanted), judge);
      if (range !== undefined) spans.push({ class: "nationalId", ...range });
      first = range === undefined ? first + 1 : groupAfter(chain, first, range.end);
    }
  }
  return spans;
}

function firstOf<T, R>(items: readonly T[], of: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = of(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** With its check: the 18th place may be an X, which stands behind the digits. */
function certainAt(text: string, window: NumberWindow): Range | undefined {
  const x =
    window.digits.length === 17
      ? /^[ ./-]{0,3}x(?![a-z0-9])/.exec(text.slice(window.end, window.end + 5))
      : null;
  const digits = x === null ? window.digits : `${window.digits}x`;
  const range = { start: window.start, end: window.end + (x?.[0].length ?? 0) };
  const fits = CERTAIN.some(({ length, fits }) => length === digits.length && fits(digits));
  return fits && isUntouched(text, range) ? range : undefined;
}

function isUntouched(text: string, { start, end }: Range): boolean {
  return !/[a-z0-9]/.test(text.slice(Math.max(0, start - 1), start) + text.slice(end, end + 1));
}

function likelyAt(text: string, window: NumberWindow, words: WordPlaces): Range | undefined {
  if (continuesDigits(window.chain, window.first)) return undefined;
  const numbers = BY_LENGTH.get(window.digits.length)?.filter(({ fits }) => fits(window.digits)) ?? [];
  if (numbers.length === 0 || !touchesNothing(text, window)) return undefined;
  const said = words.lastBefore(window.start, REACH) !== -1;
  const alone =
    standsAlone(text, window) && !(window.first === window.last && isRecentInstant(window.digits));
  return numbers.some((number) => said || (alone && isPlain(number, window))) ? window : undefined;
}

/** One group, the issuer's groups, or digit by digit. */
function isPlain({ groupings, needsWord }: NationalNumber, window: NumberWindow): boolean {
  if (needsWord === true) return false;
  if (window.first === window.last || isSpacedOut(window)) return true;
  const groups = groupLengths(window).join();
  return groupings.some((grouping) => grouping.join() === groups);
}

const LABELLED =
  /^[^\da-z\n]{0,12}(?:(?:no|number|nombor|nomor|so|is|la|ialah|adalah)[^\da-z\n]{0,6})?((?:[a-z]{1,3}-?)?\d(?:[ ./-]{0,2}\d){5,17}(?:[ -]?[a-z](?![a-z]))?)(?![\da-z])/;

/** Of every number that a word may call so. */
const DIGITS = /\d(?:[ ./-]{0,2}\d){5}/;

/** What a word calls an identity number is one, whoever issued it (KH, LA, BN, TL, PH). */
function findLabelled(text: string, words: WordPlaces): Span[] {
  if (!DIGITS.test(text)) return [];
  const spans: Span[] = [];
  for (const from of words.ends) {
    const match = LABELLED.exec(text.slice(from, from + 72));
    const value = match?.[1];
    if (match === null || value === undefined) continue;
    const start = from + match[0].lastIndexOf(value);
    spans.push({ class: "nationalId", start, end: start + value.length });
  }
  return spans;
}
