import { describe, expect, it } from "vitest";
import { jsonFault } from "./json-fault.ts";

const SAMPLE =
  '{"a": [1, -2.5e+3, 0, 1E5], "b\\u00e9\\n": {"c": true, "d": [false, null]}, "e": "ü", "f": {}, "g": []}';
const SIGNS = [...'{}[],:"\\-+.0e1tnu \n\t\u0001ü'];

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

describe("jsonFault", () => {
  it.each([
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ["[1,]", 3],
    ["[1 2]", 3],
    ["[01]", 2],
    ["[1.]", 3],
    ["[-]", 2],
    ["[1e+]", 4],
    ["[nul]", 4],
    ["NaN", 0],
    ['["\\x"]', 3],
    ['["\\u12g4"]', 6],
    ['["a\nb"]', 3],
    ["{'a': 1}", 1],
    ['{"a": 1} // no', 9],
    ['{"a": ', 6],
    ['"a', 2],
    ["[1}", 2],
    ["", 0],
    ["\u00a0[]", 0],
  ])("finds the first byte that %j has wrong", (text, at) => {
    expect(jsonFault(Buffer.from(text))).toBe(at);
  });

  it("judges as the engine does, whatever sign is put, left out or cut", () => {
    const texts = [SAMPLE];
    for (let at = 0; at <= SAMPLE.length; at += 1) {
      texts.push(SAMPLE.slice(0, at), SAMPLE.slice(0, at) + SAMPLE.slice(at + 1));
      for (const sign of SIGNS) texts.push(SAMPLE.slice(0, at) + sign + SAMPLE.slice(at));
    }
    expect(texts.filter((text) => isJson(text) !== (jsonFault(Buffer.from(text)) === undefined))).toEqual([]);
  });

  it("finds no fault before the one that is put in", () => {
    for (let at = 0; at < SAMPLE.length; at += 1) {
      const fault = jsonFault(Buffer.from(`${SAMPLE.slice(0, at)}\u0001${SAMPLE.slice(at)}`));
      expect(fault).toBe(Buffer.byteLength(SAMPLE.slice(0, at)));
    }
  });

  it("goes a million levels deep", () => {
    expect(jsonFault(Buffer.from("[".repeat(1_000_000)))).toBe(1_000_000);
  });
});
