import { matchesOf } from "../text/matches.ts";
import type { Span } from "./span.ts";

/** Singapore's NRIC and FIN: a letter for the series, seven digits, a letter as check. */
const NRIC = /(?<![a-z0-9])([stfgm])[ .-]?((?:\d[ .-]?){7})([a-z])(?![a-z0-9])/g;
const NRIC_WEIGHTS = [2, 7, 6, 5, 4, 3, 2];
const NRIC_SERIES: Readonly<Record<string, { offset: number; checks: string }>> = {
  s: { offset: 0, checks: "jzihgfedcba" },
  t: { offset: 4, checks: "jzihgfedcba" },
  f: { offset: 0, checks: "xwutrqpnmlk" },
  g: { offset: 4, checks: "xwutrqpnmlk" },
  m: { offset: 3, checks: "xwutrqpnjlk" },
};

/**
 * Myanmar's NRC: region (1 to 14), township, kind of holder, six digits; in Latin or Burmese letters, whose digits
 * have been folded already.
 */
const NRC =
  /(?<!\d)(?:1[0-4]|[1-9]) ?\/ ?[\p{L}\p{M}]{2,18} ?\( ?(?:[cneptsyv]|naing|နိုင်|နိုင|ဧည့်|ဧည့|ပြု|စ|သ|သီ|ယာယီ) ?\) ?\d{6}(?!\d)/gu;

export function findLetteredIds(text: string): Span[] {
  const spans: Span[] = [];
  for (const { 0: found, 1: series = "", 2: digits = "", 3: check, index } of matchesOf(text, NRIC)) {
    if (nricCheck(series, digits.replaceAll(/\D/g, "")) !== check) continue;
    spans.push({ class: "nationalId", start: index, end: index + found.length });
  }
  if (text.includes("(")) {
    for (const { 0: found, index } of matchesOf(text, NRC))
      spans.push({ class: "nationalId", start: index, end: index + found.length });
  }
  return spans;
}

function nricCheck(series: string, digits: string): string | undefined {
  const { offset, checks } = NRIC_SERIES[series] ?? { offset: 0, checks: "" };
  const sum = NRIC_WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), offset);
  return checks[series === "m" ? 10 - (sum % 11) : sum % 11];
}
