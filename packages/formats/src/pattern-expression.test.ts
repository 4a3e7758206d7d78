import { describe, expect, it } from "vitest";
import { comparison, type Expression, patternOf } from "./pattern-expression.ts";

const and = (...of: Expression[]): Expression => ({ is: "and", of });
const or = (...of: Expression[]): Expression => ({ is: "or", of });
const [a, b] = [comparison("ipv4-addr:value = 'a'"), comparison("ipv4-addr:value = 'b'")];
const name = comparison("file:name = 'x'");

describe("patternOf", () => {
  it.each([
    ["one object cannot be both of", and(a, b), "([ipv4-addr:value = 'a'] AND [ipv4-addr:value = 'b'])"],
    ["one object may be either of", or(a, b), "[(ipv4-addr:value = 'a' OR ipv4-addr:value = 'b')]"],
    [
      "no object is beside alternatives for it",
      and(or(a, b), comparison("ipv4-addr:value = 'c'")),
      "([(ipv4-addr:value = 'a' OR ipv4-addr:value = 'b')] AND [ipv4-addr:value = 'c'])",
    ],
    [
      "one object is several of",
      and(name, a, comparison("file:size = 1")),
      "([(file:name = 'x' AND file:size = 1)] AND [ipv4-addr:value = 'a'])",
    ],
    [
      "a list may hold both of",
      and(comparison("file:x[*] = '1'"), comparison("file:x[*] = '2'")),
      "[(file:x[*] = '1' AND file:x[*] = '2')]",
    ],
    [
      "stand by themselves",
      and({ is: "observation", of: name }, { is: "observation", of: comparison("file:size = 1") }),
      "([file:name = 'x'] AND [file:size = 1])",
    ],
  ])("writes what %s", (_name, expression, pattern) => {
    expect(patternOf(expression)).toBe(pattern);
  });
});
