import { describe, expect, test } from "vitest";
import { ConfidenceScale, confidenceFrom, confidenceWord } from "./confidence-scale.ts";

/* Ends of ranges and values as STIX 2.1 appendix A prints them. */

type Line = [from: number, to: number, value: number, word: string];
const APPENDIX: [ConfidenceScale, ...Line[]][] = [
  ["none-low-med-high", [0, 0, 0, "None"], [1, 29, 15, "Low"], [30, 69, 50, "Med"], [70, 100, 85, "High"]],
  [
    "0-10",
    [0, 4, 0, "0"],
    [5, 14, 10, "1"],
    [15, 24, 20, "2"],
    [25, 34, 30, "3"],
    [35, 44, 40, "4"],
    [45, 54, 50, "5"],
    [55, 64, 60, "6"],
    [65, 74, 70, "7"],
    [75, 84, 80, "8"],
    [85, 94, 90, "9"],
    [95, 100, 100, "10"],
  ],
  [
    "admiralty",
    [0, 19, 10, "5 - Improbable"],
    [20, 39, 30, "4 - Doubtful"],
    [40, 59, 50, "3 - Possibly True"],
    [60, 79, 70, "2 - Probably True"],
    [80, 100, 90, "1 - Confirmed by other sources"],
  ],
  [
    "wep",
    [0, 0, 0, "Impossible"],
    [1, 19, 10, "Highly Unlikely/Almost Certainly Not"],
    [20, 39, 30, "Unlikely/Probably Not"],
    [40, 59, 50, "Even Chance"],
    [60, 79, 70, "Likely/Probable"],
    [80, 99, 90, "Highly likely/Almost Certain"],
    [100, 100, 100, "Certain"],
  ],
  [
    "dni",
    [0, 9, 5, "Almost No Chance / Remote"],
    [10, 19, 15, "Very Unlikely / Highly Improbable"],
    [20, 39, 30, "Unlikely / Improbable"],
    [40, 59, 50, "Roughly Even Chance / Roughly Even Odds"],
    [60, 79, 70, "Likely / Probable"],
    [80, 89, 85, "Very Likely / Highly Probable"],
    [90, 100, 95, "Almost Certain / Nearly Certain"],
  ],
];

test.each(APPENDIX)("the scale %s is that of the appendix, both ways", (scale, ...lines: Line[]) => {
  for (const [from, to, value, word] of lines) {
    for (let number = from; number <= to; number++) expect(confidenceWord(number, scale)).toBe(word);
    expect(confidenceFrom(word, scale)).toBe(value);
    expect(confidenceFrom(`  ${word.toUpperCase()} `, scale)).toBe(value);
  }
});

test("a word goes there and back in every scale", () => {
  for (const scale of ConfidenceScale.options)
    for (let value = 0; value <= 100; value++) {
      const word = confidenceWord(value, scale) ?? "";
      expect(confidenceWord(confidenceFrom(word, scale), scale)).toBe(word);
    }
});

describe("what is said in part is understood, what is none is not", () => {
  test.each([
    ["2", "admiralty", 70],
    ["probably true", "admiralty", 70],
    ["Almost Certain", "wep", 90],
    ["probable", "dni", 70],
    ["medium", "none-low-med-high", 50],
    ["6", "admiralty", undefined],
    ["Not Specified", "none-low-med-high", undefined],
    ["", "wep", undefined],
    ["constructor", "dni", undefined],
  ] as const)("%s of %s", (word, scale, value) => expect(confidenceFrom(word, scale)).toBe(value));

  test.each([-1, 101, 1.5, Number.NaN, "50", undefined])("%s is no confidence", (value) =>
    expect(confidenceWord(value)).toBeUndefined(),
  );
});
