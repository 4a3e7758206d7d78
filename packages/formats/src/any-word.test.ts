import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { csvReader } from "./csv/read-csv.ts";
import type { Reader } from "./draft.ts";
import { emailReader } from "./email/read-email.ts";
import { FormatError } from "./format-error.ts";
import { openiocReader } from "./openioc/read-openioc.ts";
import { collect } from "./testing/collect-drafts.ts";
import { textReader } from "./text/read-text.ts";
import { xarfReader } from "./xarf/read-xarf.ts";

const fixture = (path: string): string => readFileSync(resolve(import.meta.dirname, path), "utf8");
const phish = fixture("email/fixtures/phish-with-attachment.eml");
const page = phish.replace(
  /\n\n/,
  '\nContent-Type: text/html\n\n<a href="http://x.example/">x</a><meta content="y">\n',
);

const INPUTS: readonly (readonly [string, Reader, string])[] = [
  ["a message", emailReader, phish],
  ["a page", emailReader, page],
  ["a forwarded message", emailReader, fixture("email/fixtures/forwarded-inline.eml")],
  ["a report of abuse", xarfReader, fixture("xarf/fixtures/login-attack.eml")],
  ["OpenIOC 1.0", openiocReader, fixture("openioc/fixtures/ioc-1.0.xml")],
  ["OpenIOC 1.1", openiocReader, fixture("openioc/fixtures/ioc-1.1.xml")],
  [
    "a table",
    csvReader,
    "value,type,confidence,tlp,labels\nexample.com,domain,high,green,botnet\n192.0.2.1,ip,50,amber,x\n",
  ],
  ["a text", textReader, "Severity: high\nClass: availability / ddos\nSeen at hxxp://example[.]com"],
];

/** Each word of an input in turn becomes one that every object has a property of: none is a row of any table. */
describe.each(INPUTS)("%s", (_name, reader, input) => {
  it.each(["constructor", "toString", "__proto__"])(
    "may hold %s in any place",
    async (word) => {
      const tokens = new Set(input.match(/[A-Za-z][A-Za-z0-9-]+/g) ?? []);
      expect(tokens.size).toBeGreaterThan(5);
      for (const token of tokens) {
        const text = input.replace(new RegExp(`(?<![A-Za-z0-9-])${token}(?![A-Za-z0-9-])`, "g"), word);
        const told = await collect(reader, text).catch((error: unknown) => {
          if (!(error instanceof FormatError)) throw new Error(`${token} made ${word}`, { cause: error });
          return error.message;
        });
        expect(JSON.stringify(told)).not.toMatch(/native code|\[object Object\]/);
      }
    },
    60_000,
  );
});
