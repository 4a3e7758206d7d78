import fc from "fast-check";
import { expect, test } from "vitest";
import { refang } from "./refang.ts";

test.each([
  ["hxxps://evil[.]example/a", "https://evil.example/a"],
  ["hXXp://evil(.)example", "http://evil.example"],
  ["h**p://evil{.}example", "http://evil.example"],
  ["hxxp[:]//evil[.]example", "http://evil.example"],
  ["hxxps[://]evil[.]example", "https://evil.example"],
  ["http:[//]evil.example", "http://evil.example"],
  ["198[.]51[.]100[.]3", "198.51.100.3"],
  ["evil[dot]example", "evil.example"],
  ["evil (dot) example", "evil.example"],
  ["evil{DOT}example", "evil.example"],
  ["evil\\.example", "evil.example"],
  ["198\\.51\\.100\\.3", "198.51.100.3"],
  ["evil[.example]", "evil.example"],
  ["someone[at]evil[.]example", "someone@evil.example"],
  ["someone[@]evil[.]example", "someone@evil.example"],
  ["fxp://evil.example", "ftp://evil.example"],
  ["2001[:]db8[:][:]1", "2001:db8::1"],
  ["evil\u200b.example", "evil.example"],
  ["  evil.example\n", "evil.example"],
])("%j is %j", (text, plain) => {
  expect(refang(text)).toBe(plain);
});

test.each([
  "http://[2001:db8::1]:8080/a",
  "HKEY_LOCAL_MACHINE\\Software\\.NETFramework",
  "C:\\Users\\x\\.ssh",
  "Global\\Durian.mutex",
  "Mozilla/5.0 (Windows NT 10.0; Win64)",
  "file (1).exe",
  "plain text",
])("leaves %j alone", (text) => {
  expect(refang(text)).toBe(text);
});

test("clean hosts and URLs come back unchanged", () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.emailAddress()), (text) => {
      fc.pre(!/[{(\\]|hxxp|fxp/.test(text));
      expect(refang(text)).toBe(text);
    }),
  );
});

test("long hostile text takes no time to speak of", () => {
  const started = performance.now();
  for (const piece of ["[", "[ ", "hxxp", "(.", " [.", "\\.a"]) refang(piece.repeat(40_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
