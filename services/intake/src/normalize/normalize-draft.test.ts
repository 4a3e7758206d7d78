import { createHash } from "node:crypto";
import type { ObjectDraft, ValueDetails, ValueDraft } from "@suar/formats";
import { localName, WarningLists } from "@suar/formats";
import { isStixId, type ObservableKind, parseStixObject } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { normalizeDraft } from "./normalize-draft.ts";
import type { Normalized } from "./normalized.ts";

const context = {
  producer: "SG",
  producerIdentity: "identity--11111111-1111-4111-8111-111111111111",
  idMac: (text: string) => createHash("sha256").update(text).digest("hex"),
  receivedAt: "2026-03-01T00:00:00.000Z",
  warnings: new WarningLists([]),
};

const value = (kind: ObservableKind, raw: string, more: Partial<ValueDraft> = {}): ValueDraft => ({
  kind: "value",
  index: 0,
  at: "line 1",
  value: { kind, raw },
  as: "indicator",
  details: {},
  ...more,
});
const object = (content: Record<string, unknown>, more: Partial<ObjectDraft> = {}): ObjectDraft => ({
  kind: "object",
  index: 0,
  at: "/objects/0",
  object: content,
  ...more,
});

function one(draft: ValueDraft | ObjectDraft, given = context): Normalized {
  const result = normalizeDraft(draft, given);
  if (!result.ok) throw new Error(`${result.reject.code}: ${result.reject.reason}`);
  const [item] = result.items;
  if (item === undefined) throw new Error("nothing came of it");
  return item;
}

function rejectOf(draft: ValueDraft | ObjectDraft): { code: string; reason: string } {
  const result = normalizeDraft(draft, context);
  if (result.ok) throw new Error("it was taken");
  return result.reject;
}

describe("a value as an indicator", () => {
  it.each<[ObservableKind, string]>([
    ["domain", "Evil[.]Example"],
    ["ipv4", "192[.]0[.]2[.]1"],
    ["ipv6", "2001:DB8::1"],
    ["cidr4", "203.0.113.0/24"],
    ["url", "hxxp://example[.]com/a"],
    ["email", "a@example.com"],
    ["sha256", "AB".repeat(32)],
    ["filename", "it's.exe"],
    ["mutex", "Global\\x"],
    ["user-agent", "Bot/1.0"],
    ["btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"],
  ])("is valid STIX for %s", (kind, raw) => {
    const { object: indicator, generated, keys } = one(value(kind, raw));
    expect(indicator).toMatchObject({
      type: "indicator",
      pattern_type: "stix",
      created_by_ref: context.producerIdentity,
    });
    expect(parseStixObject(indicator)).toMatchObject({ ok: true });
    expect(generated).toBe(true);
    expect(keys).toHaveLength(1);
  });

  it("is the same however the value is written, and for each producer its own", () => {
    const plain = one(value("domain", "evil.example"));
    expect(one(value("domain", "EVIL[.]example.")).object.id).toBe(plain.object.id);
    expect(one(value("domain", "evil.example"), { ...context, producer: "MY" }).object.id).not.toBe(
      plain.object.id,
    );
  });

  it("does not look new for being sent again later", () => {
    const later = { ...context, receivedAt: "2026-04-01T00:00:00.000Z" };
    const draft = value("domain", "evil.example");
    expect(one(draft, later).contentHash).toEqual(one(draft).contentHash);
  });

  it.each<[string, ValueDetails]>([
    ["a description", { description: "x" }],
    ["a beginning", { validFrom: "2026-01-01T00:00:00.000Z" }],
    ["labels", { labels: ["x"] }],
  ])("looks new with %s", (_name, details) => {
    const hash = (given: ValueDetails): Buffer =>
      one(value("domain", "evil.example", { details: given })).contentHash;
    expect(hash(details)).not.toEqual(hash({}));
  });

  it("stays valid when it is already over", () => {
    const details = { validUntil: "2025-01-01T00:00:00.000Z" };
    const { object: indicator } = one(value("domain", "evil.example", { details }));
    expect(Date.parse(String(indicator.valid_from))).toBeLessThan(Date.parse(details.validUntil));
  });

  it("carries marking, local and audience", () => {
    const draft = value("domain", "evil.example", {
      marking: { tlp: "amber", pap: "red" },
      local: localName("indicator", "a"),
      to: ["MY"],
    });
    expect(one(draft)).toMatchObject({
      tlp: "amber",
      pap: "red",
      local: localName("indicator", "a"),
      to: ["MY"],
    });
  });

  it("refuses a value that is none of its kind", () => {
    expect(normalizeDraft(value("ipv4", "999.1.1.1", { index: 7, at: "line 8" }), context)).toMatchObject({
      ok: false,
      reject: { index: 7, at: "line 8" },
    });
  });

  it("refuses half a surrogate pair", () => {
    const details = { description: "\ud800" };
    expect(rejectOf(value("domain", "evil.example", { details })).code).toBe("malformed-text");
  });
});

describe("a value as an observable", () => {
  it.each<[ObservableKind, string, string]>([
    ["domain", "evil.example", "domain-name"],
    ["ipv4", "192.0.2.1", "ipv4-addr"],
    ["ipv6", "2001:db8::1", "ipv6-addr"],
    ["url", "http://example.com/", "url"],
    ["sha1", "ab".repeat(20), "file"],
    ["asn", "AS64496", "autonomous-system"],
    ["mac", "00-00-5E-00-53-01", "mac-addr"],
    ["regkey", "HKLM\\Software\\x", "windows-registry-key"],
    ["cve", "CVE-2026-0001", "vulnerability"],
    ["user-agent", "Bot/1.0", "indicator"],
  ])("makes of %s %s a %s", (kind, raw, type) => {
    const { object: made } = one(value(kind, raw, { as: "observable" }));
    expect(made.type).toBe(type);
    expect(parseStixObject(made)).toMatchObject({ ok: true });
  });

  it("has the same id whoever saw it", () => {
    const draft = value("domain", "evil.example", { as: "observable" });
    expect(one(draft, { ...context, producer: "MY" }).object.id).toBe(one(draft).object.id);
  });
});

describe("an object", () => {
  const times = { created: "2026-01-01T00:00:00.000Z", modified: "2026-01-02T00:00:00.000Z" };
  const malware = { type: "malware", spec_version: "2.1", name: "Example", is_family: true };

  it("stays as its producer wrote it", () => {
    const whole = {
      ...malware,
      ...times,
      id: "malware--22222222-2222-4222-8222-222222222222",
      x_more: { deep: [1] },
    };
    const item = one(object(whole));
    expect(item.object).toEqual(whole);
    expect(item.generated).toBe(false);
  });

  it("gets an id of its own, a creator and times where its format has none", () => {
    const item = one(object(malware, { local: localName("malware", "a") }));
    expect(item.object).toMatchObject({
      created: context.receivedAt,
      modified: context.receivedAt,
      created_by_ref: context.producerIdentity,
    });
    expect(isStixId(item.object.id)).toBe(true);
    expect(item.generated).toBe(true);
    const later = one(object(malware, { local: localName("malware", "a") }), {
      ...context,
      receivedAt: "2027-01-01T00:00:00.000Z",
    });
    expect(later.object.id).toBe(item.object.id);
    expect(later.contentHash).toEqual(item.contentHash);
  });

  it("is checked with its locals in place of ids, and keeps them", () => {
    const source_ref = localName("indicator", "a");
    const tie = {
      type: "relationship",
      spec_version: "2.1",
      relationship_type: "related-to",
      source_ref,
      target_ref: localName("malware", "b"),
    };
    expect(one(object(tie, { local: localName("relationship", "c") })).object.source_ref).toBe(source_ref);
  });

  it("has canonical values, and keeps the id that its producer gave it", () => {
    const id = "domain-name--33333333-3333-4333-8333-333333333333";
    expect(
      one(object({ type: "domain-name", spec_version: "2.1", id, value: "EVIL.Example" })).object,
    ).toMatchObject({ id, value: "evil.example" });
    const file = {
      type: "file",
      spec_version: "2.1",
      id: `file--${id.slice(13)}`,
      hashes: { MD5: "AB".repeat(16) },
    };
    expect(one(object(file)).object.hashes).toEqual({ MD5: "ab".repeat(16) });
  });

  it("gets the deterministic id when it has none", () => {
    const made = one(object({ type: "domain-name", spec_version: "2.1", value: "evil.example" })).object;
    expect(made.id).toBe(one(value("domain", "evil.example", { as: "observable" })).object.id);
  });

  it.each([
    ["without a type", {}, "no-type"],
    [
      "an address that is none",
      { type: "ipv4-addr", id: "ipv4-addr--22222222-2222-4222-8222-222222222222", value: "999.1.1.1" },
      "bad-value",
    ],
    [
      "a hash that is none",
      { type: "file", id: "file--22222222-2222-4222-8222-222222222222", hashes: { MD5: "ab" } },
      "bad-value",
    ],
  ])("is refused %s", (_name, content, code) => {
    expect(rejectOf(object(content)).code).toBe(code);
  });

  // 1e999 is read as Infinity, and an object without an id is named by its canonical form.
  it.each([
    { type: "autonomous-system", number: Infinity },
    { type: "x-a", name: "a", x_list: [1, -Infinity] },
  ])("without an id is refused for a number that JSON does not hold: %j", (content) => {
    expect(rejectOf(object(content)).code).toBe("out-of-range");
  });

  it("is refused with the place of what is wrong", () => {
    const { reason } = rejectOf(object({ ...malware, ...times, id: "malware--nonsense" }));
    expect(reason).toContain("/id");
    const odd = rejectOf(
      object({ ...malware, ...times, id: "malware--nonsense", name: 7, severity: "high" }),
    );
    expect(odd.reason).toBe(
      "/id not a STIX identifier (STIX 2.1 §2.9); /name Invalid input: expected string, received number (STIX 2.1 §4.11); /severity is reserved by the specification (STIX 2.1 §3.8)",
    );
  });
});
