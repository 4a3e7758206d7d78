import { describe, expect, it } from "vitest";
import { bigintColumn, byteaColumn, textColumn } from "./columns.ts";

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
