import type { Range } from "../text/fold.ts";
import { NATIONAL_NUMBERS } from "./national-numbers.ts";
import { groupLengths, lengths, type NumberChain, type NumberWindow, windowsFrom } from "./number-chain.ts";
import { isPhone, type ParsingBudget } from "./phones.ts";
import type { Span } from "./span.ts";

/*
 * Numbers in technical values that nothing names. A machine writes many of them, so that only what is built as no machine
 * builds it counts: the country's code behind a plus sign, the groups in which cards print a number, or digits that hold a
 * place and a date and stand alone.
 */

const LENGTHS: ReadonlySet<number> = new Set(NATIONAL_NUMBERS.map(({ length }) => length));
const NONE: readonly Span[] = [];
const SHORTEST = Math.min(...LENGTHS);
/** With a place, a whole date and nothing else: one in forty and one in eighty of such numbers. */
const DATED: ReadonlySet<string> = new Set(["ID", "CN"]);
/** ITU-T E.164. */
const INTERNATIONAL = lengths(8, 15);

export function findPlainValues(
  text: string,
  chains: readonly NumberChain[],
  isNobodys: (range: Range) => boolean,
): Span[] {
  const budget: ParsingBudget = { left: 50 };
  const found = chains.flatMap((chain): readonly Span[] => {
    const phone = internationalAt(text, chain, budget);
    if (phone !== undefined) return [phone];
    if (chain.digits.length < SHORTEST) return NONE;
    return chain.groups.flatMap((_, first) => nationalAt(text, chain, first) ?? []);
  });
  return found.filter((span) => !isNobodys(span));
}

/** `+65 6123 4567`, with nothing before the plus sign that a word or a hash is made of. */
function internationalAt(text: string, chain: NumberChain, budget: ParsingBudget): Span | undefined {
  const at = chain.groups[0]?.start ?? 0;
  if (text[at - 1] !== "+") return undefined;
  const before = /(?:^|[^a-z0-9/+=]|[a-z_]=)\+$/.exec(text.slice(Math.max(0, at - 3), at));
  if (before === null) return undefined;
  const window = windowsFrom(chain, 0, INTERNATIONAL).find(
    (each) => endsAlone(text, each.end) && isPhone(`+${each.digits}`, budget),
  );
  return window && { class: "phone", start: at - 1, end: window.end };
}

function nationalAt(text: string, chain: NumberChain, first: number): Span | undefined {
  const window = windowsFrom(chain, first, LENGTHS).find((each) => isOne(text, each));
  return window && { class: "nationalId", start: window.start, end: window.end };
}

function isOne(text: string, window: NumberWindow): boolean {
  const isGrouped = window.last > window.first;
  if (!beginsAlone(text, window.start) || !endsAlone(text, window.end)) return false;
  // Beside other groups it is some part of a longer name.
  if (isGrouped && (window.first > 0 || window.last < window.chain.groups.length - 1)) return false;
  return NATIONAL_NUMBERS.some(({ country, length, groupings, needsWord, fits }) => {
    if (length !== window.digits.length || needsWord === true || !fits(window.digits)) return false;
    if (!isGrouped) return DATED.has(country);
    const groups = groupLengths(window).join();
    return isEven(text, window) && groupings.some((grouping) => grouping.join() === groups);
  });
}

/** One separator throughout, and none of a version or a path. */
function isEven(text: string, { start, end }: NumberWindow): boolean {
  const separators = new Set(text.slice(start, end).match(/\D+/g));
  return separators.size === 1 && (separators.has("-") || separators.has(" "));
}

function beginsAlone(text: string, start: number): boolean {
  return !/(?:[a-z0-9+#\x7f]|\d[.,])$/.test(text.slice(Math.max(0, start - 2), start));
}

function endsAlone(text: string, end: number): boolean {
  return !/^(?:[a-z0-9+=\x7f]|[.,]\d)/.test(text.slice(end, end + 2));
}
