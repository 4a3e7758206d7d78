import { createHmac } from "node:crypto";
import { parseStixObject, type StixObject } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PiiClass } from "../../personal-data.ts";
import { findPersonalData } from "../find-personal-data.ts";
import { findVictims } from "../find-victims.ts";
import { cryptopan } from "./cryptopan.ts";
import type { Operation, PersonalRedaction } from "./operation.ts";
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

function redactionsOf(object: StixObject, op: Operation, victims?: ReadonlySet<string>): PersonalRedaction[] {
  return findPersonalData(object, victims && { victims }).map(({ path, class: kind }) => ({
    path,
    class: kind,
    op,
  }));
}

const redacted = (object: StixObject, op: Operation) => redactObject(object, redactionsOf(object, op), KEYS);

const report = (more: Record<string, unknown>) =>
  stix("report", { name: "r", published: AT, object_refs: [`malware--${UUID}`], ...more });

describe("redaction of a text", () => {
  const description = "Victim 203.0.113.7 (bob@example.com, +65 6123 4567) has NRIC S1234567D.";

  it.each<[Operation, string | RegExp]>([
    [
      "drop",
      "Victim [ip address removed] ([email removed], [phone removed]) has NRIC [national id removed].",
    ],
    ["mask", "Victim 203.0.113.* (b***@example.com, +** **** ****) has NRIC *********."],
    [
      "hmac",
      /^Victim \[ip address [a-p]{20}\] \(\[email [a-p]{20}\], \[phone [a-p]{20}\]\) has NRIC \[national id [a-p]{20}\]\.$/,
    ],
    [
      "cryptopan",
      /^Victim ip-\d+-\d+-\d+-\d+\.invalid \(\[email removed\], \[phone removed\]\) has NRIC \[national id removed\]\.$/,
    ],
  ])("does what is asked: %s", (op, expected) => {
    const text = redacted(report({ description }), op)?.description;
    if (typeof expected === "string") expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  });

  it("gives one address one pseudonym, in every spelling", () => {
    const left = redacted(report({ description: "a@example.com, A@Example.COM, ａ＠example.com" }), "hmac");
    const pseudonyms = String(left?.description).match(/[a-p]{20}/g);
    expect(pseudonyms).toHaveLength(3);
    expect(new Set(pseudonyms).size).toBe(1);
  });

  it("takes only the classes that it is told of", () => {
    const object = report({ description: "bob@example.com, +65 6123 4567" });
    const left = redactObject(object, [{ path: "/description", class: "email", op: "drop" }], KEYS);
    expect(left?.description).toBe("[email removed], +65 6123 4567");
  });

  it("does of two operations the one that leaves less", () => {
    const both = (["mask", "drop", "hmac"] as const).map((op) => ({
      path: "/description",
      class: "email" as const,
      op,
    }));
    expect(redactObject(report({ description: "a@example.com" }), both, KEYS)?.description).toBe(
      "[email removed]",
    );
  });

  it("leaves the object as it was, and what is not asked for shared", () => {
    const object = report({ description: "a@example.com", labels: ["x"] });
    const before = structuredClone(object);
    expect(redacted(object, "drop")).not.toBe(object);
    expect(object).toEqual(before);
    expect(redactObject(object, [], KEYS)).toBe(object);
  });
});

describe("redaction of what a field is as a whole", () => {
  const person = stix("identity", {
    name: "Siti binti Ahmad",
    identity_class: "individual",
    contact_information: "a@example.com",
  });

  it.each<[Operation, unknown, unknown]>([
    ["drop", "[person removed]", undefined],
    ["mask", "S*** b*** A***", "a***"],
    [
      "hmac",
      expect.stringMatching(/^\[person [a-p]{20}\]$/),
      expect.stringMatching(/^\[person [a-p]{20}\]$/),
    ],
  ])("of a person's name: %s", (op, name, contact) => {
    const left = redacted(person, op);
    expect([left?.name, left?.contact_information]).toEqual([name, contact]);
  });

  it("drops a property that may be missing, and the object with one that may not", () => {
    expect(redacted(report({ x_acme: { a: 1 } }), "hmac")).toEqual(report({}));
    expect(redacted(stix("x-acme", { a: 1 }), "mask")).toBeUndefined();
    const account = { type: "user-account", id: `user-account--${UUID}`, account_login: "bob" };
    expect(redacted(account, "drop")).toBeUndefined();
    expect(redacted({ ...account, account_type: "unix" }, "drop")).toEqual({
      type: "user-account",
      id: account.id,
      account_type: "unix",
    });
  });

  it("drops an indicator that looks for a person", () => {
    const indicator = (pattern: string) =>
      stix("indicator", { pattern, pattern_type: "stix", valid_from: AT });
    for (const op of ["drop", "mask", "hmac", "cryptopan"] as const) {
      expect(redacted(indicator("[user-account:account_login = 'bob']"), op)).toBeUndefined();
      expect(redacted(indicator("[email-message:to_refs[*].value = 'bob@example.com']"), op)).toBeUndefined();
      expect(redacted(indicator("[file:name = 'S1234567D.pdf']"), op)).toBeUndefined();
    }
  });

  it("keeps a rule of another language, without its author", () => {
    const rule = 'rule a { meta: author = "bob@example.com" condition: true }';
    const left = redacted(stix("indicator", { pattern: rule, pattern_type: "yara", valid_from: AT }), "drop");
    expect(left?.pattern).toBe('rule a { meta: author = "[email removed]" condition: true }');
  });

  it("drops an extension that lost what it needs, and its markings", () => {
    const process = {
      type: "process",
      id: `process--${UUID}`,
      pid: 1,
      extensions: { "windows-process-ext": { owner_sid: "S-1-5-21-1" } },
      granular_markings: [
        { lang: "en", selectors: ["extensions.windows-process-ext.owner_sid", "pid"] },
        { lang: "ms", selectors: ["extensions.windows-process-ext.owner_sid"] },
      ],
    };
    expect(redacted(process, "drop")).toEqual({
      type: "process",
      id: process.id,
      pid: 1,
      granular_markings: [{ lang: "en", selectors: ["pid"] }],
    });
  });

  it("drops entries whose very keys are somebody's", () => {
    const object = report({ x_acme: { "900307-14-5678": "a", other: "b" } });
    const found = findPersonalData(object);
    expect(JSON.stringify(found)).not.toContain("900307");
    expect(found).toContainEqual({ path: "/x_acme", class: "nationalId", individuals: 1 });
    const left = redactObject(object, [{ path: "/x_acme", class: "nationalId", op: "hmac" }], KEYS);
    expect(left?.x_acme).toEqual({ other: "b" });
  });

  it("drops a property whose very name is somebody's", () => {
    const object = report({ x_S1234567D: "a" });
    expect(redacted(object, "drop")).toEqual(report({}));
  });
});

describe("redaction of victims' addresses", () => {
  const ip4 = { type: "ipv4-addr", id: `ipv4-addr--${UUID}`, value: "203.0.113.7" };
  const ip6 = { type: "ipv6-addr", id: `ipv6-addr--${UUID}`, value: "2001:db8:1::7" };
  const mail = { type: "email-addr", id: `email-addr--${UUID}`, value: "bob@example.com" };
  const all = new Set([ip4.id, ip6.id, mail.id]);
  const of = (object: StixObject, op: Operation) =>
    redactObject(object, redactionsOf(object, op, all), KEYS)?.value;

  it("gives an address for an address, or nothing", () => {
    const ops = ["drop", "mask", "hmac", "cryptopan"] as const;
    expect(ops.map((op) => of(ip4, op))).toEqual([
      undefined,
      "203.0.113.0/24",
      undefined,
      KEYS.cryptopan(ip4.value),
    ]);
    expect(ops.map((op) => of(ip6, op))).toEqual([
      undefined,
      "2001:db8:1::/48",
      undefined,
      KEYS.cryptopan(ip6.value),
    ]);
    expect(ops.map((op) => of(mail, op))).toEqual([
      undefined,
      "b***@example.com",
      expect.stringMatching(/^[a-p]{20}@redacted\.invalid$/),
      undefined,
    ]);
  });

  it("keeps the length of a network's prefix", () => {
    expect(of({ ...ip4, value: "203.0.113.0/24" }, "cryptopan")).toMatch(/^\d+\.\d+\.\d+\.\d+\/24$/);
  });

  it("leaves what is nobody's", () => {
    expect(findPersonalData(ip4, { victims: findVictims([ip4]) })).toEqual([]);
  });
});

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

  it("is not found again in one class, where others stay", { timeout: 60_000 }, () => {
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
