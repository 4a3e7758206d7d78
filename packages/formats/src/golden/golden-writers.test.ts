import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { item, written } from "../testing/export-fixture.ts";
import { ItemFormat } from "../write/export-format.ts";

const PATTERN = [
  "domain-name:value = 'evil.example'",
  "ipv4-addr:value = '192.0.2.1'",
  "ipv4-addr:value = '198.51.100.0/24'",
  "ipv6-addr:value = '2001:db8::1'",
  "url:value = 'http://evil.example/a?b=c;d'",
  "email-addr:value = 'a@evil.example'",
  "file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e'",
  "file:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
  "file:hashes.'SHA-256' = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
].join(" OR ");
const more = { name: "Evil <example> & more", description: "What it is.", labels: ["a label"] };

/** Formats whose golden texts lie in or beside their own tests, with what goes into them; so do those of MISP's events. */
const ELSEWHERE: Partial<Record<ItemFormat, string>> = {
  csaf: "csaf/fixtures/*.written-2.0.json",
  "csaf-2.1": "csaf/fixtures/*.written-2.1.json",
  sigma: "write/write-sigma.test.ts",
};

describe("one indicator of every kind of value, as each format's specification says it", () => {
  test.each(ItemFormat.options.filter((format) => ELSEWHERE[format] === undefined))("%s", (format) => {
    const golden = readFileSync(resolve(import.meta.dirname, `written.${format}.txt`), "utf8");
    expect(written(format, [item(`[${PATTERN}]`, more)])).toBe(golden);
  });
});
