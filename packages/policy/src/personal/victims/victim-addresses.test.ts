import { createHmac } from "node:crypto";
import { parseStixObject, type StixObject } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPersonalData } from "../find-personal-data.ts";
import { cryptopan } from "../redact/cryptopan.ts";
import { redactObject } from "../redact/redact-object.ts";
import { addressesIn } from "./victim-addresses.ts";

const AT = "2026-01-01T00:00:00.000Z";
const UUID = "123e4567-e89b-42d3-a456-426614174000";
const KEYS = {
  hmac: (text: string) => createHmac("sha256", "a realm's secret").update(text).digest("hex"),
  cryptopan: cryptopan(Uint8Array.from({ length: 32 }, (_, index) => index * 7)),
};
const KNOWN = { victims: new Set(["ipv4:203.0.113.7", "ipv6:2001:db8::7", "email:bob@example.com"]) };
const OUTRIGHT = { ...KNOWN, named: new Set(["ipv4:203.0.113.7", "email:bob@example.com"]) };

function stix(type: string, more: Record<string, unknown>): StixObject {
  return { type, spec_version: "2.1", id: `${type}--${UUID}`, ...more };
}
const note = (content: string) =>
  stix("note", { created: AT, modified: AT, content, object_refs: [`malware--${UUID}`] });
const indicator = (pattern: string) =>
  stix("indicator", { created: AT, modified: AT, pattern, pattern_type: "stix", valid_from: AT });
const classes = (object: StixObject, context = KNOWN) =>
  findPersonalData(object, context).map((finding) => `${finding.class} ${finding.path}`);

describe("addresses that are known to be victims'", () => {
  it.each([
    "203.0.113.7",
    "203[.]0[.]113[.]7",
    "203(dot)0.113.7",
    "２０３．０．１１３．７",
    "hxxp://203.0.113.7:8080/a",
    "2001:0DB8:0:0::7",
    "from 2001:db8::7.",
  ])("are found as %s", (text) => {
    expect(classes(note(`seen ${text}`))).toEqual(["victimIp /content"]);
    expect([...addressesIn(note(text))].some((key) => KNOWN.victims.has(key))).toBe(true);
  });

  it.each(["203.0.113.70", "1203.0.113.7", "203.0.113", "v203.0.113.7.1", "2001:db8::77"])(
    "are not %s",
    (text) => {
      expect(classes(note(`seen ${text}`))).toEqual([]);
    },
  );

  it("are found in values, under other ids, and in what observed data holds", () => {
    expect(classes(stix("url", { value: "http://203.0.113.7/a" }))).toEqual(["victimIp /value"]);
    expect(classes(stix("file", { name: "dump_203.0.113.7.pcap" }))).toEqual(["victimIp /name"]);
    expect(classes(stix("ipv4-addr", { value: "203.0.113.7/32" }))).toEqual(["victimIp /value"]);
    const held = { first_observed: AT, last_observed: AT, number_observed: 1, created: AT, modified: AT };
    const objects = {
      0: { type: "ipv4-addr", value: "203.0.113.7" },
      1: { type: "ipv4-addr", value: "203.0.113.8" },
    };
    expect(classes(stix("observed-data", { ...held, objects }))).toEqual(["victimIp /objects/0/value"]);
  });

  it("are found in a pattern where they were called so outright, alone", () => {
    const looked = indicator("[ipv4-addr:value = '203.0.113.7']");
    expect(classes(looked)).toEqual([]);
    expect(classes(looked, OUTRIGHT)).toEqual(["victimIp /pattern"]);
    expect(classes(indicator("[email-addr:value = 'bob@example.com']"), OUTRIGHT)).toEqual([
      "email /pattern",
    ]);
    expect(classes(indicator("[email-addr:value = 'eve@example.com']"), OUTRIGHT)).toEqual([]);
  });
});

/** Fields of technical values, each as an object. */
const CARRIERS: readonly ((text: string) => StixObject)[] = [
  (text) => stix("url", { value: `http://h.example/?x=1&${text}` }),
  (text) => stix("file", { name: text }),
  (text) => stix("process", { command_line: `run.exe --${text}` }),
  (text) => stix("mutex", { name: text }),
  (text) =>
    stix("windows-registry-key", {
      key: "HKEY_LOCAL_MACHINE\\A",
      values: [{ name: "v", data: text, data_type: "REG_SZ" }],
    }),
  (text) => stix("x509-certificate", { subject: `CN=x, ${text}` }),
  (text) => note(`See http://h.example/?${text}`),
];
const SECRETS = [
  "phone=91234567",
  "to=+6591234567",
  "nik=3174015507900002",
  "passport_no=E12345678",
  "scan_900307-14-5678.png",
  "victim_ip=198.51.100.9",
  "peer=203.0.113.7",
  "nric:S1234567D",
];

describe("what is redacted in values", () => {
  it("is STIX, is not found again, and stays as it is when redacted again", () => {
    const operations = fc.constantFrom(
      "drop" as const,
      "mask" as const,
      "hmac" as const,
      "cryptopan" as const,
    );
    const texts = fc
      .array(fc.constantFrom(...SECRETS), { minLength: 1, maxLength: 3 })
      .map((all) => all.join("&"));
    fc.assert(
      fc.property(fc.constantFrom(...CARRIERS), texts, operations, (carrier, text, operation) => {
        const object = carrier(text);
        const findings = findPersonalData(object, KNOWN);
        expect(findings).not.toEqual([]);
        const redactions = findings.map(({ path, class: kind }) => ({
          path,
          class: kind,
          op: operation === "cryptopan" && kind !== "victimIp" ? ("drop" as const) : operation,
        }));
        const copy = redactObject(object, redactions, KEYS, KNOWN);
        if (copy === undefined) throw new Error("nothing is left");
        expect(parseStixObject(copy).ok).toBe(true);
        expect(findPersonalData(copy, KNOWN)).toEqual([]);
        expect(redactObject(copy, redactions, KEYS, KNOWN)).toEqual(copy);
      }),
      { numRuns: 150 },
    );
  });
});
