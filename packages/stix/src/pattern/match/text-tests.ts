import { RE2JS } from "re2js";
import { isWithin, networkOf } from "../../observable/ip-address.ts";
import { isBytes } from "./compare-values.ts";
import { MatchError } from "./match-error.ts";
import type { Found } from "./path-values.ts";
import type { Work } from "./work.ts";

type Test = (value: Found) => boolean;

/** §9.6.1 LIKE: `%` stands for any characters, `_` for one, both sides in NFC; the whole text has to fit. */
export function like(operand: string, work: Work): Test {
  const pattern = [...normalized(operand)];
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return false;
    work.spend((pattern.length * text.length) / 8);
    return fits(pattern, [...text]);
  };
}

/** What LIKE and MATCHES look at: a text in NFC, or the characters that stand for bytes up to U+00FF (§9.6.4). */
function textOf(value: Found): string | undefined {
  if (typeof value === "string") return normalized(value);
  return isBytes(value) ? Buffer.from(value).toString("latin1") : undefined;
}

/** More marks on one letter than any language has; sorting them takes the square of their number. */
const MOST_MARKS = 1_000;

function normalized(text: string): string {
  for (const [marks] of text.matchAll(/\p{M}+/gu)) {
    if (marks.length > MOST_MARKS) throw new MatchError("a text with too many marks on one letter");
  }
  return text.normalize("NFC");
}

/** Goes back to the last `%` alone, so that the time is at most the product of both lengths. */
function fits(pattern: readonly string[], text: readonly string[]): boolean {
  let [p, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === "%") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "_" || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === "%") p += 1;
  return p === pattern.length;
}

/**
 * §9.6.1 MATCHES: a PCRE search where a dot is any character, in linear time. What such an engine cannot do (looking
 * around, referring back) throws a MatchError.
 */
export function matches(operand: string, work: Work): Test {
  const expression = compile(normalized(operand));
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return false;
    work.spend(operand.length * text.length);
    return expression.matcher(text).find();
  };
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MatchError(`a regular expression that cannot be matched in linear time: ${reason}`, { cause });
  }
}

/** §9.6.1 ISSUBSET and ISSUPERSET, over addresses and networks of one family. */
export function subset(operand: string): Test {
  return compareNetworks(operand, isWithin);
}

export function superset(operand: string): Test {
  return compareNetworks(operand, (value, outer) => isWithin(outer, value));
}

function compareNetworks(operand: string, compare: typeof isWithin): Test {
  const given = networkOf(operand);
  return (value) => {
    const network = typeof value === "string" ? networkOf(value) : undefined;
    return network !== undefined && given !== undefined && compare(network, given);
  };
}
