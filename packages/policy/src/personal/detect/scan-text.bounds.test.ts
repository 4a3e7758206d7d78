import { describe, expect, it } from "vitest";
import { scanText } from "./scan-text.ts";

const MEBIBYTE = 1_048_576;
/** Of a text four times as long it may take so many times as long: quadratic would be 16. */
const MOST_TIMES = 9;
const MOST_MILLISECONDS = 6_000;

const HOSTILE: readonly (readonly [string, string])[] = [
  ["digits", "1"],
  ["digits with blanks", "1 "],
  ["groups", "12-34 "],
  ["plus signs", "+1 "],
  ["international numbers", "+6561234567 "],
  ["mobile numbers", "13812345678 "],
  ["almost addresses", "a@"],
  ["at signs", "@"],
  ["addresses", "a@b.cc "],
  ["dots", "a.a."],
  ["letters before an at sign", "a"],
  ["IP addresses", "1.1.1.1 "],
  ["IP addresses of victims", "victim 1.1.1.1,"],
  ["colons", "1:"],
  ["IPv6", "::1 "],
  ["words", "passport "],
  ["words with numbers", "nric 1234567 "],
  ["almost NRC", "12/aa(n"],
  ["almost NRICs", "s1234567"],
  ["brackets", "[at"],
  ["blanks", " "],
  ["spelled addresses", "a at b dot c "],
  ["URLs", "http://"],
  ["dashes", "1-"],
  ["UUIDs", "12345678-1234-1234-1234-123456789012"],
  ["Burmese digits", "၁၂"],
  ["wide digits", "１"],
  ["marks", "e\u0301\u0301"],
  ["invisible characters", "1\u200b"],
  ["long compatibility forms", "\ufdfa1"],
  ["Chinese without spaces", "受害者身份证"],
];

describe("the time that a text takes", () => {
  it.each(HOSTILE)("grows with its length: %s", (_, unit) => {
    const whole = unit.repeat(Math.ceil(MEBIBYTE / unit.length));
    timeOf(whole.slice(0, MEBIBYTE / 16));
    const quarter = timeOf(whole.slice(0, MEBIBYTE / 4));
    const all = timeOf(whole);
    expect(all).toBeLessThan(MOST_MILLISECONDS);
    // What takes no time at all cannot be compared.
    if (all > 400) expect(all / quarter).toBeLessThan(MOST_TIMES);
  });
});

/** Of this thread's processor time: what others do at the same moment is not in it. */
function timeOf(text: string): number {
  const before = process.threadCpuUsage();
  for (const kind of ["prose", "value"] as const) scanText(text, kind);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
