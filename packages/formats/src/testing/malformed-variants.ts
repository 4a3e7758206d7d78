import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { FormatName } from "../format-name.ts";
import { REPORT_KINDS } from "../shadowserver/reports.ts";
import { tarOf, zipOf } from "./archive-fixture.ts";

const fixture = (path: string): Buffer => readFileSync(resolve(import.meta.dirname, "..", path));
const seed = (name: string): Buffer =>
  readFileSync(resolve(import.meta.dirname, "../../../../seeds/reports", name));
const header = REPORT_KINDS.find(({ name }) => name === "scan_mongodb")?.columns.join(",") ?? "";
const bundle = {
  type: "bundle",
  id: "bundle--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701",
  objects: [
    {
      type: "indicator",
      spec_version: "2.1",
      id: "indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e702",
      created: "2026-01-01T00:00:00.000Z",
      modified: "2026-01-01T00:00:00.000Z",
      name: "Ein Übel",
      confidence: 80,
      pattern: "[domain-name:value = 'evil.example']",
      pattern_type: "stix",
      valid_from: "2026-01-01T00:00:00Z",
    },
  ],
};

/** How a format is written, which is what can be wrong with it. */
type Kind = "json" | "xml" | "lines" | "message";
type Sample = { kind: Kind; text: () => Buffer };

/** A right input of every format: without one of its own a new reader does not compile. */
const SAMPLES: Readonly<Record<FormatName, Sample>> = {
  stix: { kind: "json", text: () => Buffer.from(JSON.stringify(bundle)) },
  misp: { kind: "json", text: () => seed("misp-event.json") },
  incident: { kind: "json", text: () => seed("incident.json") },
  csaf: { kind: "json", text: () => fixture("csaf/fixtures/advisory-2.0.json") },
  iodef: { kind: "xml", text: () => fixture("iodef/fixtures/incident-v2.xml") },
  openioc: { kind: "xml", text: () => fixture("openioc/fixtures/ioc-1.0.xml") },
  csv: { kind: "lines", text: () => seed("indicators.csv") },
  text: { kind: "lines", text: () => seed("incident.txt") },
  shadowserver: {
    kind: "lines",
    text: () => Buffer.from(`${header}\n"2026-01-02 03:04:05","high","192.0.2.1","tcp",27017,"h.example"\n`),
  },
  email: { kind: "message", text: () => fixture("email/fixtures/phish-with-attachment.eml") },
  xarf: { kind: "message", text: () => fixture("xarf/fixtures/login-attack.eml") },
};

/**
 * What a reader takes for a right, shorter or odd input, since it is one. Lists, tables and messages end where they end.
 * Half a surrogate pair that JSON spells is a text like any other to a reader: normalization refuses the object.
 */
const MAY_BE_READ: Readonly<Record<Kind, RegExp>> = {
  json: /^half a surrogate pair by escapes$/,
  xml: /^$/,
  lines: /^cut after/,
  message: /^cut after/,
};

export function mayBeRead(format: FormatName, variant: string): boolean {
  return MAY_BE_READ[SAMPLES[format].kind].test(variant);
}

type Inputs = Record<string, () => Buffer>;

/** Every way in which an input of a format is commonly, or on purpose, not one. */
export function variantsOf(format: FormatName): Inputs {
  const { kind, text } = SAMPLES[format];
  const whole = text();
  return {
    ...anyVariants(whole),
    ...(kind === "json" ? jsonVariants(whole) : kind === "xml" ? xmlVariants(whole) : {}),
  };
}

const middleOf = (whole: Buffer): number => {
  const middle = Math.floor(whole.length / 2);
  return whole.indexOf("e", middle);
};
const within = (whole: Buffer, bytes: readonly number[]): Buffer => {
  const at = middleOf(whole);
  return Buffer.concat([whole.subarray(0, at), Buffer.from(bytes), whole.subarray(at)]);
};
const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024);

function anyVariants(whole: Buffer): Inputs {
  const cuts = Array.from({ length: 9 }, (_, n): [string, () => Buffer] => [
    `cut after ${n + 1} tenths`,
    () => whole.subarray(0, Math.floor((whole.length * (n + 1)) / 10)),
  ]);
  const utf16 = (): Buffer => Buffer.from(whole.toString("utf8"), "utf16le");
  return {
    ...Object.fromEntries(cuts),
    "nothing at all": () => Buffer.alloc(0),
    "a byte-order mark alone": () => Buffer.from([0xef, 0xbb, 0xbf]),
    "a byte-order mark of UTF-16 alone": () => Buffer.from([0xff, 0xfe]),
    "UTF-16 without its mark": utf16,
    "UTF-16 of the other order without its mark": () => utf16().swap16(),
    "Latin-1": () => within(whole, [0xe9]),
    "half a surrogate pair in UTF-8": () => within(whole, [0xed, 0xa0, 0x80]),
    "a NUL in a text": () => within(whole, [0]),
    "zip bomb": () => zipOf([{ name: "a.json", text: zeros(20) }]),
    "tar bomb": () => tarOf([{ name: "a.json", text: zeros(5) }]),
    "gzip bomb": () => Buffer.concat(Array.from({ length: 20 }, () => gzipSync(zeros(5)))),
    "half a gzip": () => gzipSync(whole).subarray(0, 40),
    "zeros alone": () => zeros(1),
  };
}

function jsonVariants(whole: Buffer): Inputs {
  const text = whole.toString("utf8");
  const members = Object.keys(JSON.parse(text));
  const put = (member: string): Buffer => Buffer.from(text.replace("{", `{${member},`));
  return {
    "an object in objects, 100,000 deep": () => put(`"x":${'{"a":'.repeat(100_000)}`),
    "a list in lists, 100,000 deep": () => Buffer.from("[".repeat(100_000)),
    "a key twice": () => put(`"${members[0]}":1`),
    "half a surrogate pair by escapes": () =>
      Buffer.from(text.replace(/": "(?=[A-Z])|":"(?=[A-Z])/, '":"\\ud800')),
    "a number beyond range": () => withFirstNumber(text, "1e999"),
    "a whole number beyond what can be kept": () => withFirstNumber(text, "123456789012345678901234567890"),
    "no number": () => withFirstNumber(text, "NaN"),
    "wrong types": () => Buffer.from(text.replace(/: ?[[{]/, (found) => `: 7, "x"${found}`)),
    "a list of lists": () => Buffer.from("[[[1]]]"),
    "a text alone": () => Buffer.from('"x"'),
    null: () => Buffer.from("null"),
    "an escape that is none": () => Buffer.from(text.replace('": "', '": "\\x').replace('":"', '":"\\x')),
  };
}

function withFirstNumber(text: string, number: string): Buffer {
  return Buffer.from(
    text.replace(/": ?(?:\d+(?:\.\d+)?(?=[,\s}\]])|"(?=\w))/, (found) =>
      found.endsWith('"') ? `": ${number}, "x": "` : `": ${number}`,
    ),
  );
}

const ENTITIES = Array.from(
  { length: 20 },
  (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? "" : n - 1};`.repeat(20)}">`,
);

function xmlVariants(whole: Buffer): Inputs {
  const text = whole.toString("utf8");
  const root = /<(?!\?|!)([\w:-]+)/.exec(text)?.[1] ?? "x";
  const before = (declaration: string): Buffer =>
    Buffer.from(text.replace(`<${root}`, `${declaration}<${root}`));
  return {
    "an entity bomb": () => before(`<!DOCTYPE x [<!ENTITY a "${"a".repeat(1000)}">${ENTITIES.join("")}]>`),
    "an external entity": () => before('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "an entity that nobody declared": () => Buffer.from(text.replace(/>[^<]*</, ">&nobody;<")),
    "elements 100,000 deep": () => Buffer.from(`<${root}>${"<a>".repeat(100_000)}`),
    "an attribute twice": () => Buffer.from(text.replace(`<${root}`, `<${root} a="1" a="2"`)),
    "a character that XML has not": () => Buffer.from(text.replace(/>[^<]*</, ">&#0;<")),
    "another encoding than it says": () =>
      Buffer.from(text.replace(/encoding=["'][\w-]+["']/i, 'encoding="utf-16"')),
    "an encoding that is none": () =>
      Buffer.from(`<?xml version="1.0" encoding="ebcdic-none"?>${text.replace(/^<\?xml[^>]*>/, "")}`),
  };
}
