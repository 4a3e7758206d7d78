import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { Range } from "../text/fold.ts";
import {
  continuesDigits,
  groupAfter,
  groupLengths,
  lengths,
  type NumberChain,
  type NumberWindow,
  standsAlone,
  touchesNothing,
  windowsFrom,
} from "./number-chain.ts";
import type { Span } from "./span.ts";
import { PHONE_WORDS, WordPlaces } from "./words.ts";

/** The members' regions, in which a number without a country code may be one. */
const REGIONS: readonly CountryCode[] = [
  "CN",
  "BN",
  "KH",
  "ID",
  "LA",
  "MM",
  "MY",
  "PH",
  "SG",
  "TH",
  "TL",
  "VN",
];

/**
 * Mobile numbers as they are dialled at home, which nothing else looks like. All others need a word beside them,
 * or a plus sign: eight digits are a date, and seven are anything.
 */
const AT_HOME: readonly (readonly [CountryCode, RegExp])[] = [
  ["CN", /^(?:86)?1[3-9]\d{9}$/],
  ["ID", /^08\d{8,11}$/],
  ["MY", /^01\d{8,9}$/],
  ["TH", /^0[689]\d{8}$/],
  ["VN", /^0[35789]\d{8}$/],
  ["PH", /^09\d{9}$/],
  ["LA", /^020\d{7,8}$/],
  ["MM", /^09\d{7,9}$/],
];
/** With their area code and in groups, as `02-123-4567` and `010-12345678`. */
const LANDLINE: readonly (readonly [CountryCode, RegExp])[] = [
  ["CN", /^0(?:10|2\d|[3-9]\d{2})\d{7,8}$/],
  ["ID", /^0[2-7]\d{8,10}$/],
  ["MY", /^0[3-9]\d{7,8}$/],
  ["TH", /^0[2-7]\d{7}$/],
  ["VN", /^02\d{9}$/],
  ["PH", /^0[2-8]\d{8,9}$/],
  ["KH", /^0[1-9]\d{7,8}$/],
];
const DIALLED = [...AT_HOME, ...LANDLINE];

const REACH = 32;
/** ITU-T E.164, and two zeros before it. */
const LENGTHS = lengths(7, 17);
/** Parsing is dear: of what comes after so many in one text, the shape alone decides, and for a finding. */
const MOST_PARSED = 400;

/** How many numbers may still be parsed. */
export type ParsingBudget = { left: number };

/** What is asked about one text. */
type Search = { text: string; words: WordPlaces; budget: ParsingBudget };

/** Phone numbers, in a folded text without technical numbers whose chains are given. */
export function findPhones(text: string, chains: readonly NumberChain[]): Span[] {
  const spans: Span[] = [];
  const search: Search = { text, words: new WordPlaces(text, PHONE_WORDS), budget: { left: MOST_PARSED } };
  for (const chain of chains) {
    for (let first = 0; first < chain.groups.length; ) {
      const range = phoneFrom(search, chain, first);
      if (range !== undefined) spans.push({ class: "phone", ...range });
      first = range === undefined ? first + 1 : groupAfter(chain, first, range.end);
    }
  }
  return spans;
}

function phoneFrom(search: Search, chain: NumberChain, first: number): Range | undefined {
  const { text, words } = search;
  if (continuesDigits(chain, first)) return undefined;
  const windows = windowsFrom(chain, first, LENGTHS);
  if (windows.length === 0) return undefined;
  const at = chain.groups[first]?.start ?? 0;
  const plus = plusBefore(text, at);
  const said = words.lastBefore(at, REACH) !== -1;
  // At home numbers begin with a zero, or with the one of China's mobiles or the 86 before it.
  if (plus === undefined && !said && !/[018]/.test(text[at] ?? "")) return undefined;
  if (plus !== undefined || text.startsWith("00", at)) {
    const start = plus ?? at;
    const end = windows.find((window) => isInternational(search, { ...window, start }))?.end;
    if (end !== undefined) return { start, end };
  }
  const window = windows.find((each) => isAtHome(search, each, said));
  if (window === undefined) return undefined;
  return { start: text[at - 1] === "(" ? at - 1 : at, end: window.end };
}

/** Where the plus sign before a number stands, when nothing but brackets and blanks is between. */
function plusBefore(text: string, start: number): number | undefined {
  const before = /\(?\+[ (]{0,2}$/.exec(text.slice(Math.max(0, start - 4), start));
  return before === null ? undefined : start - before[0].length;
}

function isInternational({ text, budget }: Search, window: NumberWindow): boolean {
  const digits = window.digits.replace(/^00/, "");
  return (
    /^[1-9]\d{6,14}$/.test(digits) && touchesNothing(text, window) && isValid(`+${digits}`, undefined, budget)
  );
}

function isAtHome({ text, budget }: Search, window: NumberWindow, said: boolean): boolean {
  const { digits } = window;
  const shapes = window.first < window.last && isGrouped(text, window) ? DIALLED : AT_HOME;
  const regions = shapes.filter(([, shape]) => shape.test(digits)).map(([region]) => region);
  if (regions.length === 0 && !said) return false;
  if (!(said ? touchesNothing(text, window) : standsAlone(text, window))) return false;
  if (regions.some((region) => isValid(digits, region, budget))) return true;
  if (!said) return false;
  return (
    isValid(`+${digits}`, undefined, budget) || REGIONS.some((region) => isValid(digits, region, budget))
  );
}

/** One kind of separator, and no group of one digit: `10 1 2024 080` is a list. */
function isGrouped(text: string, window: NumberWindow): boolean {
  const separators = new Set(text.slice(window.start, window.end).match(/[./-]/g));
  return separators.size <= 1 && groupLengths(window).every((length) => length >= 2);
}

/** A number that something says is a telephone's: with its country's code, or as it is dialled in some member. */
export function isPhone(number: string, budget: ParsingBudget): boolean {
  const digits = number.replaceAll(/\D/g, "");
  if (digits.length < 7) return false;
  const international = digits.replace(/^00/, "");
  if (isValid(`+${international}`, undefined, budget)) return true;
  return !number.startsWith("+") && REGIONS.some((region) => isValid(digits, region, budget));
}

function isValid(digits: string, region: CountryCode | undefined, budget: ParsingBudget): boolean {
  if (budget.left <= 0) return true;
  budget.left -= 1;
  return parsePhoneNumberFromString(digits, region)?.isValid() === true;
}
