import type { StixObject } from "@suar/stix";
import * as stix from "@suar/stix";
import { describe, expect, it } from "vitest";
import { classify } from "./classify.ts";
import type { ContentClass } from "./content-class.ts";

const UUID = "123e4567-e89b-42d3-a456-426614174000";
const MY_CERT = stix.suarId("identity", "MY");
const of = (type: string, more: Record<string, unknown> = {}): StixObject => ({
  type,
  id: `${type}--${UUID}`,
  ...more,
});
const CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";

const CASES: readonly (readonly [ContentClass, StixObject])[] = [
  ["indicator.infrastructure", of("domain-name", { value: "a.example" })],
  ["indicator.infrastructure", of("infrastructure", { name: "relay" })],
  ["malware.hash", of("file", { hashes: { MD5: "0".repeat(32) } })],
  ["ttp", of("file", { name: "a.exe" })],
  ["ttp", of("file", { hashes: {}, name: "a.exe" })],
  ["ttp", of("malware", { name: "m" })],
  ["ttp", of("relationship")],
  ["vuln.public", of("vulnerability", { name: "CVE-2026-12345" })],
  [
    "vuln.public",
    of("vulnerability", {
      name: "flaw",
      external_references: [{ source_name: "cve", external_id: "CVE-2026-12345" }],
    }),
  ],
  ["vuln.undisclosed", of("vulnerability", { name: "flaw of a gateway" })],
  ["vuln.undisclosed", of("vulnerability", { name: "not CVE-2026-12345" })],
  [
    "vuln.undisclosed",
    of("vulnerability", {
      name: "CVE-pending",
      external_references: [{ source_name: "vendor", external_id: "1" }],
    }),
  ],
  ["vuln.undisclosed", of("vulnerability", { name: "CVE-2026-12345", labels: ["gateway", "undisclosed"] })],
  ["vuln.undisclosed", of("vulnerability", { name: "CVE-2026-12345", labels: [" Undisclosed "] })],
  [
    "vuln.undisclosed",
    of("vulnerability", {
      name: "flaw",
      labels: ["undisclosed"],
      external_references: [{ source_name: "cve", external_id: "CVE-2026-12345" }],
    }),
  ],
  ["vuln.public", of("vulnerability", { name: "CVE-2026-12345", labels: ["was-undisclosed"] })],
  ["advisory", of("report", { report_types: ["vulnerability"] })],
  ["advisory", of("note", { object_refs: [`malware--${UUID}`] })],
  ["victim.notification", of("note", { object_refs: [`malware--${UUID}`, `identity--${UUID}`] })],
  ["incident", of("incident", { name: "i" })],
  ["incident", of("incident", { extensions: { [CORE]: { impacted_entity_counts: { organization: 0 } } } })],
  [
    "victim.notification",
    of("incident", { extensions: { [CORE]: { impacted_entity_counts: { organization: 2 } } } }),
  ],
  ["victim.notification", of("incident", { extensions: { [CORE]: { impact_refs: [`impact--${UUID}`] } } })],
  ["victim.notification", of("impact", { impacted_refs: [`identity--${UUID}`] })],
  ["victim.notification", of("sighting", { where_sighted_refs: [`identity--${UUID}`] })],
  // Whoever saw it is a victim, but for a CERT that says so of itself.
  [
    "victim.notification",
    of("sighting", { created_by_ref: `identity--${UUID}`, where_sighted_refs: [`identity--${UUID}`] }),
  ],
  [
    "victim.notification",
    of("sighting", { created_by_ref: `identity--${UUID}`, where_sighted_refs: [MY_CERT] }),
  ],
  [
    "victim.notification",
    of("sighting", { created_by_ref: MY_CERT, where_sighted_refs: [MY_CERT, MY_CERT] }),
  ],
  ["ttp", of("sighting", { created_by_ref: MY_CERT, where_sighted_refs: [MY_CERT] })],
  ["identity", of("identity", { name: "Bank", identity_class: "organization" })],
  ["other", of("identity", { name: "A B", identity_class: "individual" })],
  ["other", of("identity", { name: "A B" })],
  ["marking", of("marking-definition")],
  ["other", of("user-account", { account_login: "bob" })],
  ["other", of("x-acme-thing")],
  ["other", of("constructor")],
  ["vuln.undisclosed", of("language-content", { object_ref: `vulnerability--${UUID}` })],
  ["victim.notification", of("language-content", { object_ref: `incident--${UUID}` })],
  ["advisory", of("language-content", { object_ref: `report--${UUID}` })],
];

const PATTERNS: readonly (readonly [ContentClass, string])[] = [
  ["indicator.infrastructure", "[domain-name:value = 'a.example' OR ipv4-addr:value = '192.0.2.1']"],
  ["indicator.infrastructure", "[email-message:from_ref.value = 'evil@example.com']"],
  ["malware.hash", "[file:hashes.'SHA-256' = 'aa' AND file:name = 'a']"],
  ["malware.hash", "[file:hashes.MD5 = 'aa'] FOLLOWEDBY [url:value = 'http://a.example/']"],
  ["ttp", "[process:command_line = 'a'] WITHIN 5 SECONDS"],
  ["ttp", "[EXISTS windows-registry-key:key]"],
  ["other", "[user-account:account_login = 'a']"],
  ["other", "[file:hashes.MD5 = 'aa' AND x-acme:thing = 1]"],
  ["other", "no pattern at all"],
];

describe("classify", () => {
  it.each(CASES)("%s: %j", (expected, object) => {
    expect(classify(object)).toBe(expected);
  });

  it.each(PATTERNS)("%s: %s", (expected, pattern) => {
    expect(classify(of("indicator", { pattern, pattern_type: "stix" }))).toBe(expected);
  });

  it.each([
    ["yara", "ttp"],
    ["sigma", "ttp"],
    ["snort", "indicator.infrastructure"],
    ["suricata", "indicator.infrastructure"],
    ["pcre", "other"],
  ])("knows what rules in %s are about", (language, expected) => {
    expect(classify(of("indicator", { pattern: "a", pattern_type: language }))).toBe(expected);
  });

  it("knows every type of STIX but those that are about people or schemas", () => {
    const types = Object.values(stix).flatMap((exported) => {
      const type = (exported as { shape?: { type?: { value?: unknown } } }).shape?.type?.value;
      return typeof type === "string" ? [type] : [];
    });
    const unknown = types.filter((type) => classify(of(type)) === "other");
    expect(unknown.sort()).toEqual([
      "extension-definition",
      "identity",
      "indicator",
      "language-content",
      "user-account",
    ]);
  });
});
