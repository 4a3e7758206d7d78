import { describe, expect, it } from "vitest";
import { bigintColumn, byteaColumn, sparseBigintColumn, sparseTextColumn, textColumn } from "./columns.ts";

/** What `SELECT array_send(…)` gives in PostgreSQL 18. */
describe("a column in PostgreSQL's binary form", () => {
  it.each([
    [
      "ARRAY['a', 'é', NULL]::text[]",
      textColumn(["a", "é", null]),
      "0000000100000001000000190000000300000001000000016100000002c3a9ffffffff",
    ],
    [
      "ARRAY[1, -2]::bigint[]",
      bigintColumn([1, -2]),
      "000000010000000000000014000000020000000100000008000000000000000100000008fffffffffffffffe",
    ],
    [
      "ARRAY['\\x00ff']::bytea[]",
      byteaColumn([Uint8Array.of(0, 255)]),
      "000000010000000000000011000000010000000100000002" + "00ff",
    ],
  ])("is that of %s", (_sql, column, hex) => {
    expect(column.toString("hex")).toBe(hex);
  });
});

it("holds every safe whole number, and no other", () => {
  for (const value of [
    0,
    1,
    -1,
    2 ** 31,
    2 ** 32,
    -(2 ** 32) - 5,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])
    expect(bigintColumn([value]).readBigInt64BE(24)).toBe(BigInt(value));
  for (const value of [0.5, 2 ** 53, Number.NaN]) expect(() => bigintColumn([value])).toThrow(RangeError);
});

it("is empty where a column beside others has no value", () => {
  expect(sparseTextColumn([null, null])).toEqual(textColumn([]));
  expect(sparseBigintColumn([null, null])).toEqual(bigintColumn([]));
  expect(sparseTextColumn([null, "a"])).toEqual(textColumn([null, "a"]));
  expect(sparseBigintColumn([0, null])).toEqual(bigintColumn([0, null]));
});

it("is the same however large its texts are", () => {
  const small = ["a", "é", null, "\u{1f525}"];
  const large = "ü".repeat(1_000_000);
  const [alone, beside] = [textColumn(small), textColumn([...small, large])];
  expect(beside.subarray(20, alone.length)).toEqual(alone.subarray(20));
  expect(beside.length).toBe(alone.length + 4 + 2_000_000);
});
