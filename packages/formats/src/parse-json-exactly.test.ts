import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonBounded } from "./parse-json-bounded.ts";
import { parseJsonExactly } from "./parse-json-exactly.ts";

const bounded = (text: string): unknown =>
  parseJsonBounded(Buffer.from(text), { maxBytes: 1_000_000, maxDepth: 100 });

describe.each([
  ["parseJsonExactly", parseJsonExactly],
  ["parseJsonBounded", bounded],
])("%s", (_name, parse) => {
  it.each([
    "9007199254740993",
    "-9007199254740993",
    "12345678901234567890",
    "1152921504606846976", // a double's own, that is written 1152921504606847000
    "100000000000000000000001",
    `1${"0".repeat(307)}1`,
    "9".repeat(400),
  ])("does not hand out another number for %s", (number) => {
    const value = parse(`{"a":[${number}],"b" : ${number} ,"c":1}`);
    const instead = number.startsWith("-") ? -Infinity : Infinity;
    expect(value).toEqual({ a: [instead], b: instead, c: 1 });
  });

  it.each([
    "9007199254740991",
    "-9007199254740992",
    "1234567890123456",
    "100000000000000000000000",
    `1${"0".repeat(308)}`,
    // What has a fraction or an exponent is a double, as near as one comes.
    "0.1000000000000000055",
    "3.141592653589793238462643383279",
    "12345678901234567890.5",
    "1.2345678901234567890e3",
    "12345678901234567890E-3",
    "-0",
  ])("reads %s as a double", (number) => {
    expect(parse(`[${number}]`)).toEqual([Number(number)]);
  });

  it("leaves texts alone, whatever is escaped in them", () => {
    const value = ["12345678901234567890", 'a" 12345678901234567890', "\\", "12345678901234567890\\"];
    expect(parse(JSON.stringify([value, 0]).replace(/0]$/, "12345678901234567890]"))).toEqual([
      value,
      Infinity,
    ]);
  });

  it.each([
    "[01234567890123456789]",
    "[.1234567890123456789]",
    "[1234567890123456789.]",
    "[12345678901234567890",
    "[1 12345678901234567890]",
    "[1-12345678901234567890]",
    "[x12345678901234567890]",
    "[+12345678901234567890]",
  ])("refuses %s, which is no JSON", (text) => {
    expect(() => parse(text)).toThrow();
  });

  it("hands out each whole number as it is, or as none", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), (number) => {
        const [read] = parse(`[${number}]`) as [number];
        expect([`${number}`, "Infinity", "-Infinity"]).toContain(String(read));
      }),
    );
  });
});

it("still says where an error is", () => {
  const failure = (text: string): unknown => {
    try {
      return bounded(text);
    } catch (error) {
      return (error as { at?: string }).at;
    }
  };
  expect(failure('{"a":12345678901234567890,"b" 2}')).toBe(failure('{"a":"345678901234567890","b" 2}'));
});
