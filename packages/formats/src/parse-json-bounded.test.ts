import { describe, expect, it } from "vitest";
import { FormatError } from "./format-error.ts";
import { parseJsonBounded } from "./parse-json-bounded.ts";

const limits = { maxBytes: 1_000_000, maxDepth: 100 };

function failure(input: string | Uint8Array, given = limits): FormatError {
  try {
    parseJsonBounded(Buffer.from(input), given);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("parseJsonBounded", () => {
  it.each([
    ["an object", '{"a": [1, {"b": "x"}]}', { a: [1, { b: "x" }] }],
    ["a byte-order mark", '\ufeff{"a": 1}', { a: 1 }],
    ["brackets within strings", '{"a": "[[[[{{{{", "b": "\\"]"}', { a: "[[[[{{{{", b: '"]' }],
    [
      "one key in several objects, and as a value of itself",
      '[{"a": "a"}, {"a": {"a": 1}, "b": ["a"]}]',
      [{ a: "a" }, { a: { a: 1 }, b: ["a"] }],
    ],
    ["a forbidden word as a value", '["__proto__", "constructor"]', ["__proto__", "constructor"]],
    [
      "a key that only begins like a forbidden one",
      '{"__proto_": 1, "constructors": 2}',
      { __proto_: 1, constructors: 2 },
    ],
  ])("reads %s", (_name, text, value) => {
    expect(parseJsonBounded(Buffer.from(text), limits)).toEqual(value);
  });

  it.each([
    ["a cut end", '{"a": ', "malformed-json"],
    ["a comment", '{"a": 1} // no', "malformed-json"],
    ["a string that never ends", '{"a": "', "malformed-json"],
    ["nothing", "", "empty"],
    ["white space", " \n ", "empty"],
    ["Latin-1", Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]), "malformed-utf8"],
    ["10,000-deep lists", "[".repeat(10_000), "too-deep"],
    ["10,000-deep objects", '{"a":'.repeat(10_000), "too-deep"],
    ["a key twice", '{"a": 1, "b": {"a": 2}, "a": 3}', "malformed-json"],
    ["a key twice, escaped once", '{"tlp": 1, "\\u0074lp": 2}', "malformed-json"],
    ["a key twice, deep in a list", '[{"a": [{"b": 1, "b" : 1}]}]', "malformed-json"],
    ["__proto__", '{"a": {"__proto__": {}}}', "forbidden-key"],
    ["__proto__ before white space", '{"__proto__"\n :1}', "forbidden-key"],
    ["__proto__ with escapes", '{"\\u005f_proto\\u005f_": {}}', "forbidden-key"],
    ["constructor", '{"constructor": {}}', "forbidden-key"],
    ["prototype", '[{"prototype": 1}]', "forbidden-key"],
  ])("refuses %s", (_name, input, code) => {
    expect(failure(input).code).toBe(code);
  });

  it("refuses more bytes than it may", () => {
    expect(failure('{"a": 12345}', { maxBytes: 4, maxDepth: 9 }).code).toBe("too-large");
  });

  it("takes a million levels without touching the stack", () => {
    expect(failure("[".repeat(1_000_000), { maxBytes: 2_000_000, maxDepth: 5_000 }).code).toBe("too-deep");
  });

  it("says where", () => {
    expect(failure('{"a": 1,\n  "b" 2}').at).toBe("line 2, column 7");
    expect(failure('{\n"__proto__": 1}').at).toBe("line 2, column 1");
    expect(failure('\ufeff{"ü": "🐟", NaN}').at, "a pair of UTF-16, and no mark").toBe("line 1, column 13");
    expect(failure(`{"a": "${"x".repeat(5_000)}"`).at).toBe("line 1, column 5009");
    expect(failure(Buffer.from('{\n "a": "\xe9"}', "latin1")).at).toBe("line 2, column 8");
    expect(failure(" ").at).toBe("line 1");
    expect(failure("[1, 2]", { maxBytes: 4, maxDepth: 9 }).at).toBe("whole");
  });

  it("does not repeat the content in its message", () => {
    expect(failure('{"secret": canary}').message).not.toContain("canary");
  });
});
