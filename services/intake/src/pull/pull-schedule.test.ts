import { describe, expect, it } from "vitest";
import { disabledAfter, failuresInARow, nextPull, retryDelay, retryFolderDelay } from "./pull-schedule.ts";

const MINUTE = 60_000;

describe("when a source pulls again", () => {
  it("waits longer after each failure, up to six hours, with jitter around it", () => {
    const delays = Array.from({ length: 12 }, (_, n) => retryDelay(n + 1, 0.5, undefined));
    expect(delays.slice(0, 3)).toEqual([5_000, 30_000, 2 * MINUTE]);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays.at(-1)).toBe(360 * MINUTE);
    expect([retryDelay(3, 0, undefined), retryDelay(3, 0.999, undefined)]).toEqual([
      1.5 * MINUTE,
      expect.closeTo(2.5 * MINUTE, -3),
    ]);
  });

  it("never comes sooner than the server asks", () => {
    expect(retryDelay(1, 0.5, 3_600_000)).toBe(3_600_000);
    expect(retryDelay(1, 0.5, 0)).toBe(5_000);
  });

  it("lets a folder wait no longer than it would anyhow", () => {
    expect([1, 2, 12].map((failures) => retryFolderDelay(failures, 0.5, 60))).toEqual([
      5_000, 30_000, 60_000,
    ]);
  });

  it("keeps its rhythm after what went well, a little apart from others", () => {
    expect(nextPull(900, 0.5)).toBe(900_000);
    expect([nextPull(900, 0), nextPull(900, 0.999)]).toEqual([855_000, expect.closeTo(945_000, -3)]);
  });

  it("counts refusals apart from what else went wrong", () => {
    expect(failuresInARow(0, undefined, "busy")).toBe(1);
    expect(failuresInARow(7, "busy", "unreachable")).toBe(8);
    expect(failuresInARow(7, "busy", "unauthorized")).toBe(1);
    expect(failuresInARow(1, "unauthorized", "forbidden")).toBe(2);
    expect(failuresInARow(2, "forbidden", "too-slow")).toBe(1);
  });

  it("stops by itself after three refusals, and for nothing else", () => {
    expect(disabledAfter(2, "unauthorized")).toBeUndefined();
    expect(disabledAfter(3, "unauthorized")).toMatch(/3 times/);
    expect(disabledAfter(4, "forbidden")).toMatch(/resume/);
    for (const code of ["busy", "unreachable", "stuck", "address-refused", "internal"])
      expect(disabledAfter(99, code)).toBeUndefined();
  });
});
