import { RE2JS } from "re2js";
import { isWithin, networkOf } from "../../observable/ip-address.ts";
import { isBytes } from "./compare-values.ts";
import { MatchError } from "./match-error.ts";
import type { Found } from "./path-values.ts";

type Test = (value: Found) => boolean;

/** §9.5 LIKE: `%` stands for any characters, `_` for one, both sides in NFC; the whole text has to fit. */
export function like(operand: string): Test {
  const pattern = [...operand.normalize("NFC")];
  return (value) => typeof value === "string" && fits(pattern, [...value.normalize("NFC")]);
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
 * §9.5 MATCHES: a PCRE search where a dot is any character, in linear time. What such an engine cannot do (looking
 * around, referring back) throws a MatchError.
 */
export function matches(operand: string): Test {
  const expression = compile(operand.normalize("NFC"));
  return (value) => {
    if (typeof value === "string") return expression.matcher(value.normalize("NFC")).find();
    return isBytes(value) && expression.matcher(Buffer.from(value).toString("latin1")).find();
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

/** §9.5 ISSUBSET and ISSUPERSET, over addresses and networks of one family. */
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
