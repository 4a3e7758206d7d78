import { describe, expect, it } from "vitest";
import { withoutTechnical } from "./technical.ts";

/** Of each form one with each sign that can stand for it, and no other sign in the text. */
const TECHNICAL = [
  "a.bc/d",
  "deadbeef".repeat(4),
  "12345678-1234-1234-1234-123456789012",
  "cve-2026-12345",
  "00:11:22:33:44:55",
  "00-11-22-33-44-55",
  "2026-03-01",
  "2026/03/01",
  "2026.03.01",
  "01-03-2026",
  "01/03/2026",
  "01.03.2026",
  "203.0.113.7",
  "10.0.19041.1",
  "2001:db8::1",
  "[email removed]",
  "[phone abcdefghijklmnopabcd]",
  "ip-203-0-113-7.invalid",
];

describe("numbers that are no person's", () => {
  it.each(TECHNICAL)("are filled up where they stand alone: %s", (number) => {
    expect(withoutTechnical(`on ${number} it was`)).toBe(`on ${"\x7f".repeat(number.length)} it was`);
  });

  it("take a whole URL with what stands in it", () => {
    expect(withoutTechnical("at http://h.example/81234567 it was")).not.toMatch(/\d/);
    expect(withoutTechnical("at xy://81234567 it was")).not.toMatch(/\d/);
  });

  it("leave a text as long as it was, and other numbers in it", () => {
    expect(withoutTechnical("tel 8123-4567, seen 2026-03-01")).toBe(
      `tel 8123-4567, seen ${"\x7f".repeat(10)}`,
    );
    expect(withoutTechnical("81234567")).toBe("81234567");
  });
});
