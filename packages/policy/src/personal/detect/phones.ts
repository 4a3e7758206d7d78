import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { Range } from "../text/fold.ts";
import {
  type NumberChain,
  type NumberWindow,
  numberChains,
  standsAlone,
  touchesNothing,
  windowsFrom,
} from "./number-chain.ts";
import type { Span } from "./span.ts";
import { lastBefore, PHONE_WORDS } from "./words.ts";

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

const REACH = 32;
const MOST_DIGITS = 15;
/** Parsing is dear: of what comes after so many in one text, the shape alone decides, and for a finding. */
const MOST_PARSED = 400;

type Budget = { left: number };

/** Phone numbers, in a folded text without technical numbers. */
export function findPhones(text: string): Span[] {
  const spans: Span[] = [];
  const budget = { left: MOST_PARSED };
  for (const chain of numberChains(text)) {
    for (let first = 0; first < chain.groups.length; first += 1) {
      const range = phoneFrom(text, chain, first, budget);
      if (range === undefined) continue;
      spans.push({ class: "phone", ...range });
      while ((chain.groups[first + 1]?.start ?? Number.POSITIVE_INFINITY) < range.end) first += 1;
    }
  }
  return spans;
}

function phoneFrom(text: string, chain: NumberChain, first: number, budget: Budget): Range | undefined {
  const windows = windowsFrom(chain, first).filter(({ digits }) => digits.length <= MOST_DIGITS);
  const [longest] = windows;
  if (longest === undefined) return undefined;
  const plus = plusBefore(text, longest.start);
  if (plus !== undefined || longest.digits.startsWith("00")) {
    const start = plus ?? longest.start;
    const end = windows.find((window) => isInternational(text, { ...window, start }, budget))?.end;
    if (end !== undefined) return { start, end };
  }
  const said = lastBefore(text, longest.start, PHONE_WORDS, REACH) !== -1;
  const window = windows.find((each) => isAtHome(text, each, said, budget));
  if (window === undefined) return undefined;
  const open = text[window.start - 1] === "(" ? 1 : 0;
  return { start: window.start - open, end: window.end };
}

/** Where the plus sign before a number stands, when nothing but brackets and blanks is between. */
function plusBefore(text: string, start: number): number | undefined {
  const before = /\(?\+[ (]{0,2}$/.exec(text.slice(Math.max(0, start - 4), start));
  return before === null ? undefined : start - before[0].length;
}

function isInternational(text: string, window: NumberWindow, budget: Budget): boolean {
  const digits = window.digits.replace(/^00/, "");
  return (
    /^[1-9]\d{6,14}$/.test(digits) && touchesNothing(text, window) && isValid(`+${digits}`, undefined, budget)
  );
}

function isAtHome(text: string, window: NumberWindow, said: boolean, budget: Budget): boolean {
  const { digits, lengths } = window;
  if (!(said ? touchesNothing(text, window) : standsAlone(text, window))) return false;
  if (fits(AT_HOME, digits, budget)) return true;
  if (lengths.length > 1 && isGrouped(text, window) && fits(LANDLINE, digits, budget)) return true;
  if (!said || digits.length < 7) return false;
  return (
    isValid(`+${digits}`, undefined, budget) || REGIONS.some((region) => isValid(digits, region, budget))
  );
}

/** One kind of separator, and no group of one digit: `10 1 2024 080` is a list. */
function isGrouped(text: string, { start, end, lengths }: NumberWindow): boolean {
  const separators = new Set(text.slice(start, end).replaceAll(/\d/g, " ").match(/[./-]/g));
  return separators.size <= 1 && lengths.every((length) => length >= 2);
}

function fits(shapes: typeof AT_HOME, digits: string, budget: Budget): boolean {
  return shapes.some(([region, shape]) => shape.test(digits) && isValid(digits, region, budget));
}

function isValid(digits: string, region: CountryCode | undefined, budget: Budget): boolean {
  if (budget.left <= 0) return true;
  budget.left -= 1;
  return parsePhoneNumberFromString(digits, region)?.isValid() === true;
}
