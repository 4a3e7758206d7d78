import { AppError } from "@suar/contract";
import { describe, expect, it } from "vitest";
import { resolveAfter } from "./cursor.ts";

const head = { epoch: "abcd1234", seq: 10 };

function codeOf(after: string): string {
  try {
    resolveAfter(after, head);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return "none";
}

describe("resolveAfter", () => {
  it("begins at the beginning, at the end, or at a cursor", () => {
    expect(resolveAfter(0, head)).toBe(0);
    expect(resolveAfter("0", head)).toBe(0);
    expect(resolveAfter("latest", head)).toBe(10);
    expect(resolveAfter("abcd1234.7", head)).toBe(7);
  });

  it.each([
    ["ffff0000.7", "cursor-reset"],
    ["abcd1234.11", "bad-cursor"],
    ["abcd1234.-1", "bad-cursor"],
    ["abcd1234.07", "bad-cursor"],
    ["abcd1234", "bad-cursor"],
    ["abcd1234.99999999999999999999", "bad-cursor"],
    ["7", "bad-cursor"],
    ["' OR 1=1", "bad-cursor"],
  ])("refuses %s with %s", (after, code) => {
    expect(codeOf(after)).toBe(code);
  });
});
