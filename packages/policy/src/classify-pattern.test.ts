import { parsePattern } from "@suar/stix";
import fc from "fast-check";
import { expect, it } from "vitest";
import { classOfPattern, classOfPlainPattern } from "./classify-pattern.ts";

const type = fc.constantFrom(
  "file",
  "ipv4-addr",
  "url",
  "artifact",
  "x-own",
  "windows-registry-key",
  "a--b",
  "A",
  "1a",
  "",
);
const path = fc.constantFrom(
  "value",
  "name",
  "hashes.'SHA-256'",
  "hashes.MD5",
  "hashes",
  "values[0].data",
  "a_b",
  "x.hashes",
  "hashes.''",
);
const constant = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom("'", "\\", "]", " ", "a", "é", "\n", '"') }),
);

it("says of a plain pattern what the parsed one says, and nothing of what is none", () => {
  let plain = 0;
  fc.assert(
    fc.property(type, path, constant, (type, path, constant) => {
      const pattern = `[${type}:${path} = '${constant}']`;
      const found = classOfPlainPattern(pattern);
      if (found === undefined) return;
      plain += 1;
      const parsed = parsePattern(pattern);
      expect(parsed.ok && classOfPattern(parsed.observation), pattern).toBe(found);
    }),
    { numRuns: 3_000 },
  );
  expect(plain).toBeGreaterThan(300);
});

it.each([
  "[file:name = 'a' AND file:size = 1]",
  "[file:name = 'a'] OR [url:value = 'b']",
  "[file:name IN ('a')]",
])("leaves %s to be parsed", (pattern) => {
  expect(classOfPlainPattern(pattern)).toBeUndefined();
});
