import { expect, test } from "vitest";
import { parseStixObject } from "../parse-object.ts";
import { checkPattern } from "../pattern/check-pattern.ts";
import { sample } from "../testing/objects.ts";
import { canonicalize } from "./canonicalize.ts";
import { keysOf } from "./keys-of.ts";
import { ObservableKind, observableKey } from "./observable-kind.ts";
import { patternFor } from "./pattern-for.ts";
import { scoFor } from "./sco-for.ts";

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const EXAMPLES: Readonly<Record<ObservableKind, string>> = {
  domain: "evil.example",
  ipv4: "198.51.100.3",
  ipv6: "2001:db8::1",
  cidr4: "198.51.100.0/24",
  cidr6: "2001:db8::/32",
  url: "https://evil.example/it's",
  email: "o'brien@evil.example",
  md5: MD5,
  sha1: "a".repeat(40),
  sha256: "b".repeat(64),
  sha512: "c".repeat(128),
  ssdeep: "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
  cve: "CVE-2021-44228",
  btc: "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
  mac: "d2:fb:49:24:37:18",
  asn: "64496",
  filename: "it's a \\ file.exe",
  mutex: "Global\\Durian's",
  regkey: "HKEY_LOCAL_MACHINE\\Software\\Run",
  "user-agent": "curl/8.0 'x'",
};

test.each(ObservableKind.options)("the pattern for %s is sound and leads back to its key", (kind) => {
  const value = EXAMPLES[kind];
  const pattern = patternFor(kind, value);
  expect(canonicalize(kind, value)).toEqual({ ok: true, value });
  expect(checkPattern(pattern)).toEqual({ ok: true });
  const keys = keysOf(sample("indicator", { pattern }));
  // Names of files are too common to correlate by.
  expect(keys.includes(observableKey(kind, value))).toBe(kind !== "filename");
});

test.each(ObservableKind.options)("the SCO for %s is valid and leads back to its key", (kind) => {
  const object = scoFor(kind, EXAMPLES[kind]);
  if (kind === "cve" || kind === "btc" || kind === "user-agent") {
    expect(object).toBeUndefined();
    return;
  }
  expect(parseStixObject(object).ok).toBe(true);
  expect(scoFor(kind, EXAMPLES[kind])).toEqual(object);
  if (object !== undefined && kind !== "filename") {
    expect(keysOf(object)).toContain(observableKey(kind, EXAMPLES[kind]));
  }
});

test("patterns quote hashes and escape quotes and backslashes", () => {
  expect(patternFor("sha256", "ab")).toBe("[file:hashes.'SHA-256' = 'ab']");
  expect(patternFor("mutex", "a'b\\c")).toBe("[mutex:name = 'a\\'b\\\\c']");
  expect(patternFor("asn", "64496")).toBe("[autonomous-system:number = 64496]");
});

test("a URL yields its host too", () => {
  expect(keysOf(sample("url", { value: "HTTP://EVIL.example:80/a" }))).toEqual([
    "url:http://evil.example/a",
    "domain:evil.example",
  ]);
  expect(keysOf(sample("url", { value: "http://[2001:DB8::1]/" }))).toContain("ipv6:2001:db8::1");
});

test("keys are canonical, each once, and invalid values yield none", () => {
  const pattern = `[domain-name:value = 'EVIL.example.' OR domain-name:value IN ('evil.example', 'b.example')]
    OR [ipv4-addr:value = '198.51.100.3/32'] OR [file:hashes.MD5 = 'nonsense' OR file:name = 'a.exe']
    OR [network-traffic:dst_ref.value = '2001:DB8::1'] OR [domain-name:value NOT = 'good.example']`;
  expect(keysOf(sample("indicator", { pattern }))).toEqual([
    "domain:evil.example",
    "domain:b.example",
    "ipv4:198.51.100.3",
    "ipv6:2001:db8::1",
  ]);
});

test("only STIX patterns are read", () => {
  expect(keysOf(sample("indicator", { pattern_type: "yara" }))).toEqual([]);
  expect(keysOf(sample("indicator", { pattern: "[broken" }))).toEqual([]);
});

test("vulnerabilities yield their CVE numbers, files their hashes, traffic its user agent", () => {
  const references = [
    { source_name: "cve", external_id: "CVE-2024-2" },
    { source_name: "cve", external_id: "cve-2024-99999" },
    { source_name: "other", external_id: "CVE-2024-11111" },
  ];
  expect(keysOf(sample("vulnerability", { external_references: references }))).toEqual([
    "cve:CVE-2024-12345",
    "cve:CVE-2024-99999",
  ]);
  expect(keysOf(sample("file", { name: "x.exe", hashes: { MD5: MD5.toUpperCase(), TLSH: "T1" } }))).toEqual([
    `md5:${MD5}`,
  ]);
  expect(keysOf(sample("network-traffic"))).toEqual(["user-agent:curl/8.0"]);
  expect(keysOf(sample("autonomous-system"))).toEqual(["asn:64496"]);
  expect(keysOf(sample("malware"))).toEqual([]);
});

test("embedded objects of observed data yield keys", () => {
  const objects = { "0": { type: "domain-name", value: "evil.example" }, "1": { type: "file", name: "a" } };
  expect(keysOf(sample("observed-data", { objects, object_refs: undefined }))).toEqual([
    "domain:evil.example",
  ]);
});
