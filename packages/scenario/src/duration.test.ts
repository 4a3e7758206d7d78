import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Duration, formatDuration, parseDuration } from "./duration.ts";

describe("a duration", () => {
  it.each([
    ["PT0S", 0],
    ["PT0.5S", 500],
    ["PT1H30M", 5_400_000],
    ["PT90M", 5_400_000],
    ["P1DT2H", 93_600_000],
    ["P2W", 1_209_600_000],
  ])("%s is %d ms", (iso, ms) => expect(parseDuration(iso)).toBe(ms));

  it.each([
    "",
    "P",
    "PT",
    "P1DT",
    "1H",
    "PT1",
    "PT-1S",
    "P1Y",
    "P1M",
    "PT1.5H",
    "pt1h",
    " PT1H",
    "PT1H\n",
    "P1W2D",
  ])("%j is none", (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
    expect(Duration.safeParse(text).success).toBe(false);
  });

  it("is written in its shortest form", () => {
    expect(
      ["PT90M", "P1DT2H", "P7D", "PT0.250S", "PT0S", "PT3600S"].map((iso) =>
        formatDuration(parseDuration(iso)),
      ),
    ).toEqual(["PT1H30M", "P1DT2H", "P7D", "PT0.25S", "PT0S", "PT1H"]);
    expect(() => formatDuration(-1)).toThrow(RangeError);
    expect(() => formatDuration(Number.NaN)).toThrow(RangeError);
  });

  it("survives being written and read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
