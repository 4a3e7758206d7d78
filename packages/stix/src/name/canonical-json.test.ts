import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("sorts keys by UTF-16 code units, as RFC 8785 §3.2.3 shows", () => {
  const value = { "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 };
  expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
});

test("writes numbers as ECMAScript does, and minus zero as zero", () => {
  expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
    "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]",
  );
});

test("leaves out members that are undefined", () => {
  expect(canonicalJson({ b: undefined, a: null })).toBe('{"a":null}');
});

test.each([[undefined], [Number.NaN], [1n], [() => 1], [[undefined]], ["\ud800"], [{ "\udc00": 1 }]])(
  "throws a TypeError for %s",
  (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  },
);

test("parses back to the same value, and does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      const text = canonicalJson(plain);
      expect(JSON.parse(text)).toEqual(plain);
      expect(canonicalJson(reversed(plain))).toBe(text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  // Entries, since assigning to a key named __proto__ would set the prototype.
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
