import { describe, expect, it } from "vitest";
import { cutPage, formatListPlace, type ListPlace, parseListKey, parseListPlace } from "./list-place.ts";

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const place = (key: number, n: number): ListPlace => ({ key, id: id(n) });

describe("a place in a list", () => {
  it("is where the page before ended", () => {
    const rows = [place(1_763_706_000_123_457, 2), place(1_763_706_000_123_457, 1), place(3, 0)];
    const { next, rows: page } = cutPage(rows, 2, formatListPlace);
    expect(page).toEqual(rows.slice(0, 2));
    expect(parseListPlace(next)).toEqual(rows[1]);
  });

  it("is absent on the last page, also when that is full", () => {
    const rows = [place(2, 2), place(1, 1)];
    expect(cutPage(rows, 2, formatListPlace)).toEqual({ rows });
    expect(cutPage([], 2, formatListPlace)).toEqual({ rows: [] });
  });

  it("begins before every row", () => {
    const { key, id: first } = parseListPlace(undefined);
    expect(key).toBeGreaterThan(Date.UTC(2200, 0) * 1000);
    expect(first > id(999_999_999_999)).toBe(true);
  });

  it.each([
    "",
    "x",
    "1",
    "-1.x",
    "2026-11-21T00:00:00.000Z",
    `1.${"-".repeat(36)}`,
    `01.${id(1)}`,
    `9007199254740993.${id(1)}`,
    `1.${id(1)}x`,
  ])("is not %j", (after) => {
    expect(() => parseListPlace(after)).toThrow(expect.objectContaining({ code: "bad-cursor" }));
  });

  it.each(["", "x", "-1", "1.5", "1e3", "0x10", "9007199254740993"])("is no key %j", (after) => {
    expect(() => parseListKey(after)).toThrow(expect.objectContaining({ code: "bad-cursor" }));
  });
});
