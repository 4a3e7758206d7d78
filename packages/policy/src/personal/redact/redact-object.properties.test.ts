import { createHmac } from "node:crypto";
import { parseStixObject, type StixObject } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../../pairs/operation.ts";
import { PiiClass } from "../../personal-data.ts";
import { findPersonalData } from "../find-personal-data.ts";
import { cryptopan } from "./cryptopan.ts";
import type { PersonalRedaction } from "./operation.ts";
import { redactObject } from "./redact-object.ts";

const AT = "2026-01-01T00:00:00.000Z";
const UUID = "123e4567-e89b-42d3-a456-426614174000";
const KEYS = {
  hmac: (text: string) => createHmac("sha256", "a realm's secret").update(text).digest("hex"),
  cryptopan: cryptopan(Uint8Array.from({ length: 32 }, (_, index) => index * 7)),
};

function stix(type: string, more: Record<string, unknown>): StixObject {
  return { type, spec_version: "2.1", id: `${type}--${UUID}`, created: AT, modified: AT, ...more };
}

const report = (more: Record<string, unknown>) =>
  stix("report", { name: "r", published: AT, object_refs: [`malware--${UUID}`], ...more });

/* Properties: whatever is put wherever, in whatever script, it is not found again. */

const SECRETS: readonly (readonly [PiiClass, string])[] = [
  ["email", "bob@example.com"],
  ["email", "bob[at]example(dot)com"],
  ["email", "ｂｏｂ＠example．com"],
  ["phone", "+65 6123 4567"],
  ["phone", "１３８１２３４５６７８"],
  ["phone", "โทร ๐๘๑-๒๓๔-๕๖๗๘"],
  ["phone", "138\u200b1234\u200d5678"],
  ["nationalId", "11010519491231002X"],
  ["nationalId", "S1234567D"],
  ["nationalId", "900307-14-5678"],
  ["nationalId", "၁၂/မရက(နိုင်)၁၂၃၄၅၆"],
  ["nationalId", "អត្តសញ្ញាណប័ណ្ណ ០១២៣៤៥៦៧៨"],
  ["passport", "護照 E12345678"],
  ["passport", "hộ chiếu B1234567".normalize("NFD")],
  ["victimIp", "victim 203.0.113.7, 203.0.113.8"],
  ["victimIp", "เหยื่อ 2001:db8::7"],
];

const filler = fc.oneof(
  fc.constantFrom(
    " ",
    ", ",
    "\n",
    " and ",
    "。",
    " ของ ",
    " - ",
    "(",
    ") ",
    "/",
    ": ",
    "1",
    "E",
    ".",
    "passport ",
    "tel ",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => text.isWellFormed()),
);
const text = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...SECRETS.map(([, secret]) => secret)) },
      { weight: 3, arbitrary: filler },
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));
const key = fc.oneof(
  fc.constantFrom("phone", "passport_no", "note", "S1234567D", "x900307145678", "900307145678"),
  fc.stringMatching(/^[a-z_]{3,8}$/),
);
const nested = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constantFrom(6_561_234_567, 13_812_345_678, 1, true),
    fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
    fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const object = fc.oneof(
  fc
    .record({ name: text, description: text, labels: fc.array(text, { minLength: 1, maxLength: 3 }) })
    .map(report),
  fc
    .record({ content: text, authors: fc.array(text, { minLength: 1, maxLength: 3 }), x_acme: nested })
    .map((more) => stix("note", { ...more, object_refs: [`malware--${UUID}`] })),
  fc
    .record({
      name: text,
      contact_information: text,
      identity_class: fc.constantFrom("individual", "organization"),
    })
    .map((more) => stix("identity", more)),
  fc.record({ name: text, references: fc.array(text, { minLength: 1 }) }).map(({ name, references }) =>
    stix("vulnerability", {
      name,
      external_references: references.map((each) => ({ source_name: each, description: each })),
    }),
  ),
  fc.record({ a: text, b: text }).map(({ a, b }) =>
    stix("language-content", {
      object_ref: `report--${UUID}`,
      contents: { zh: { name: a, description: b, labels: [a, b] } },
    }),
  ),
  fc.record({ name: text, command: text }).map(({ name, command }) => ({
    type: "process",
    id: `process--${UUID}`,
    command_line: command,
    extensions: { "windows-service-ext": { service_name: name, descriptions: [name, command] } },
  })),
  fc.tuple(key, nested).map(([name, value]) => report({ [`x_${name}`]: value })),
);
const operations = fc.record(
  Object.fromEntries(
    PiiClass.options.map((kind) => [kind, fc.constantFrom<Operation>("drop", "mask", "hmac", "cryptopan")]),
  ),
) as fc.Arbitrary<Record<PiiClass, Operation>>;

const RUNS = { numRuns: 600 };

describe("whatever is redacted", () => {
  const withOps = (given: StixObject, ops: Record<PiiClass, Operation>): PersonalRedaction[] =>
    findPersonalData(given).map(({ path, class: kind }) => ({ path, class: kind, op: ops[kind] }));

  it("is STIX or nothing, is not found again, and stays as it is when redacted again", {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(
        object.filter((each) => parseStixObject(each).ok),
        operations,
        (given, ops) => {
          const redactions = withOps(given, ops);
          const left = redactObject(given, redactions, KEYS);
          if (left === undefined) return;
          expect(parseStixObject(left).ok).toBe(true);
          expect(findPersonalData(left)).toEqual([]);
          expect(redactObject(left, redactions, KEYS)).toEqual(left);
        },
      ),
      RUNS,
    );
  });

  it("is not found again in one class, where others stay", () => {
    fc.assert(
      fc.property(
        object.filter((each) => parseStixObject(each).ok),
        operations,
        fc.constantFrom(...PiiClass.options),
        (given, ops, only) => {
          const redactions = withOps(given, ops).filter(({ class: kind }) => kind === only);
          const left = redactObject(given, redactions, KEYS);
          const classes = left === undefined ? [] : findPersonalData(left).map(({ class: kind }) => kind);
          expect(classes).not.toContain(only);
        },
      ),
      RUNS,
    );
  });

  it.each(SECRETS)("had to be found: %s in %s", (kind, secret) => {
    const found = findPersonalData(report({ description: `x ${secret} y` }));
    expect(found.map(({ class: each }) => each)).toEqual([kind]);
  });
});
