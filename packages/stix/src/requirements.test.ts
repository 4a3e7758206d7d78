import { describe, expect, test } from "vitest";
import { parseStixObject } from "./parse-object.ts";
import { idOf, sample } from "./testing/objects.ts";

/* What the text asks of single properties: a value that it allows, or one that it refuses, with its section. */

/** Where a sample with some changes is refused; empty when it is accepted. */
function refusals(type: string, changes: object): string[] {
  const parsed = parseStixObject(sample(type, changes));
  return parsed.ok ? [] : parsed.issues.map(({ path }) => path);
}

describe("allowed", () => {
  test.each<[section: string, type: string, changes: object]>([
    ["2.5.1", "report", { external_references: [{ source_name: "x", url: "urn:isbn:0451450523" }] }],
    ["3.2", "campaign", { lang: "zh-cmn-Hans-CN" }],
    ["3.2", "campaign", { lang: "de-CH-1901-x-private" }],
    ["3.2", "campaign", { lang: "i-klingon" }],
    ["3.2", "campaign", { extensions: { "x-acme-ext": { note: "any" } } }],
    ["6.2.1", "autonomous-system", { number: -1 }],
    ["6.3.1", "directory", { path_enc: "windows-1252" }],
    ["6.4.1", "domain-name", { value: "_dmarc.xn--bcher-kva.example." }],
    ["6.4.1", "domain-name", { value: "b\u00fccher.example" }],
    ["6.4.1", "domain-name", { value: "*.example.com" }],
    ["6.4.1", "domain-name", { value: "evil[.]example", defanged: true }],
    ["6.5.1", "email-addr", { value: '"Q. Public"@[192.0.2.1]' }],
    ["6.5.1", "email-addr", { value: "o'hara+tag@b\u00fccher.example" }],
    ["6.7.1", "file", { name: "a", name_enc: "ISO-8859-2" }],
    [
      "6.12.4.1",
      "network-traffic",
      { extensions: { "socket-ext": { address_family: "AF_INET", options: { x: 1 } } } },
    ],
    ["6.14.1", "software", { languages: ["eng", "pt-BR"] }],
    ["7.2.1.1", "marking-definition", { definition: undefined, extensions: { "x-a-ext": { b: 1 } } }],
  ])("§%s: %s with %j", (_, type, changes) => {
    expect(refusals(type, changes)).toEqual([]);
  });

  test("§11.2: any name for a custom type, x- or not", () => {
    expect(parseStixObject({ type: "acme-thing", id: idOf("acme-thing"), size: 1 }).ok).toBe(true);
  });
});

const DEFINITION = idOf("extension-definition");

/** Observed data with a container of objects. */
const holding = (objects: object) => ({ object_refs: undefined, objects });
const FILE = { type: "file", name: "a.zip" };
const MAC = { type: "mac-addr", value: "00:00:5e:00:53:01" };
const TRAFFIC = { type: "network-traffic", protocols: ["http"], src_ref: "0" };
const HEADERS = {
  "http-request-ext": { request_method: "get", request_value: "/", request_header: { Host: "a" } },
};

describe("§2.13: a container", () => {
  test.each<[what: string, objects: object]>([
    ["refers to its own keys", { "0": MAC, "1": TRAFFIC }],
    ["needs no ids, but may have them", { "0": { ...MAC, id: idOf("mac-addr") }, ten: FILE }],
    ["may hold the custom", { "0": { type: "x-acme-tag", x_ref: "1" }, "1": { ...FILE, x_seen: 3 } }],
    [
      "may hold times of files as STIX 2.0 names them",
      { "0": { ...FILE, created: "2024-02-01T00:00:00Z", modified: "2024-01-01T00:00:00Z" } },
    ],
    ["may hold headers as STIX 2.0 has them", { "0": MAC, "1": { ...TRAFFIC, extensions: HEADERS } }],
  ])("%s", (_, objects) => {
    expect(refusals("observed-data", holding(objects))).toEqual([]);
  });

  test.each<[what: string, objects: object, path: string]>([
    ["another object", { "1": TRAFFIC }, "/objects/1/src_ref"],
    ["an object of the wrong type", { "0": FILE, "1": TRAFFIC }, "/objects/1/src_ref"],
    [
      "deep within",
      { "0": { ...FILE, extensions: { "archive-ext": { contains_refs: ["0", "7"] } } } },
      "/objects/0/extensions/archive-ext/contains_refs/1",
    ],
    ["a value", { "0": { ...MAC, value: "x" } }, "/objects/0/value"],
    ["what is missing", { "0": { type: "file", size: 1 } }, "/objects/0"],
    ["a reserved name", { "0": { ...FILE, action: true } }, "/objects/0/action"],
    ["a type without a name", { "0": { type: "x--acme" } }, "/objects/0/type"],
    ["no type", { "0": {} }, "/objects/0/type"],
  ])("is refused for %s", (_, objects, path) => {
    expect(refusals("observed-data", holding(objects))).toContain(path);
  });
});

describe("refused", () => {
  test.each<[section: string, type: string, changes: object, path: string]>([
    [
      "2.5.1",
      "report",
      { external_references: [{ source_name: "x", url: "a.example" }] },
      "/external_references/0/url",
    ],
    ["3.1", "file", { name_enc: "UTF-8" }, "/name"],
    ["3.2", "campaign", { lang: "english" }, "/lang"],
    ["3.2", "campaign", { lang: "en_GB" }, "/lang"],
    ["3.2", "campaign", { lang: "" }, "/lang"],
    [
      "7.2.3.1",
      "campaign",
      { granular_markings: [{ selectors: ["name"], lang: "e" }] },
      "/granular_markings/0/lang",
    ],
    ["2", "campaign", { x_acme_note: null }, "/x_acme_note"],
    ["2.3", "campaign", { x_acme_note: {} }, "/x_acme_note"],
    ["2.12", "campaign", { x_acme_notes: [] }, "/x_acme_notes"],
    ["3.1", "campaign", { _acme_note: 1 }, "/_acme_note"],
    ["3.1", "campaign", { "3rd_note": 1 }, "/3rd_note"],
    ["2.9", "process", { id: "process--9fa1f1c1-5f5b-5a24-9d1f-2f0a6f1f7a11" }, "/id"],
    ["3.2", "campaign", { extensions: { "a b": { c: 1 } } }, "/extensions/a b"],
    ["11.3", "campaign", { extensions: { "x-acme-ext": {} } }, "/extensions/x-acme-ext"],
    [
      "3.2",
      "campaign",
      { extensions: { [DEFINITION]: { rank: 1 } } },
      `/extensions/${DEFINITION}/extension_type`,
    ],
    ["3.2", "url", { extensions: { [DEFINITION]: { rank: 1 } } }, `/extensions/${DEFINITION}/extension_type`],
    [
      "3.2",
      "file",
      { extensions: { [DEFINITION]: { rank: 1 } } },
      `/extensions/${DEFINITION}/extension_type`,
    ],
    [
      "2.9",
      "file",
      { extensions: { "extension-definition--1": { extension_type: "new-sdo" } } },
      "/extensions/extension-definition--1",
    ],
    ["2.3", "file", { extensions: { "a.b": { c: 1 } } }, "/extensions/a.b"],
    [
      "4.19.1",
      "vulnerability",
      { external_references: [{ source_name: "NVD", external_id: "CVE-2024-12345" }] },
      "/external_references/0/source_name",
    ],
    [
      "4.1.1",
      "attack-pattern",
      { external_references: [{ source_name: "mitre", external_id: "CAPEC-163" }] },
      "/external_references/0/source_name",
    ],
    ["3.2", "url", { lang: 0 }, "/lang"],
    ["3.2", "url", { confidence: 101 }, "/confidence"],
    ["3.2", "url", { created: "2026-02-30T00:00:00.000Z", modified: "2026-02-28T00:00:00.000Z" }, "/created"],
    ["3.2", "url", { created: "2026-02-28T00:00:00.000Z", modified: "soon" }, "/modified"],
    ["6.1.1", "artifact", { payload_bin: undefined, url: "www.a.example", hashes: { xyz: "1" } }, "/url"],
    ["6.3.1", "directory", { path_enc: "ebcdic.of.sorts" }, "/path_enc"],
    ["6.4.1", "domain-name", { value: "a..example" }, "/value"],
    ["6.4.1", "domain-name", { value: "-a.example" }, "/value"],
    ["6.4.1", "domain-name", { value: `${"a".repeat(64)}.example` }, "/value"],
    ["6.4.1", "domain-name", { value: "http://a.example" }, "/value"],
    ["6.4.1", "domain-name", { value: "evil[.]example" }, "/value"],
    ["6.5.1", "email-addr", { value: "Jo Lim <jo@a.example>" }, "/value"],
    ["6.5.1", "email-addr", { value: "jo lim@a.example" }, "/value"],
    ["6.5.1", "email-addr", { value: "jo@" }, "/value"],
    [
      "6.7.6",
      "file",
      { extensions: { "windows-pebinary-ext": { pe_type: "exe" } } },
      "/extensions/windows-pebinary-ext",
    ],
    [
      "6.7.6.2",
      "file",
      { extensions: { "windows-pebinary-ext": { pe_type: "exe", optional_header: { x_a: 1 } } } },
      "/extensions/windows-pebinary-ext/optional_header",
    ],
    ["6.7.4", "file", { extensions: { "pdf-ext": { x_pages: 3 } } }, "/extensions/pdf-ext"],
    [
      "6.12.4.1",
      "network-traffic",
      { extensions: { "socket-ext": { address_family: "AF_INET", options: { SO_LINGER: "1" } } } },
      "/extensions/socket-ext/options/SO_LINGER",
    ],
    ["6.14.1", "software", { languages: ["en", "english"] }, "/languages/1"],
    ["7.1.1", "language-content", { contents: { german: { name: "x" } } }, "/contents/german"],
    [
      "3.2",
      "marking-definition",
      { object_marking_refs: [idOf("marking-definition")] },
      "/object_marking_refs/0",
    ],
    [
      "3.2",
      "marking-definition",
      { granular_markings: [{ selectors: ["created"], marking_ref: idOf("marking-definition") }] },
      "/granular_markings/0/marking_ref",
    ],
    ["7.2.1.1", "marking-definition", { definition_type: undefined }, ""],
  ])("§%s: %s with %j", (_, type, changes, path) => {
    expect(refusals(type, changes)).toEqual([path]);
  });

  test.each(["ab", "Acme", "acme_thing", "acme--thing", "9acme", "a".repeat(251)])(
    "§11.2: the type %s",
    (type) => {
      const parsed = parseStixObject({ type, id: `${type}--00000000-0000-4000-8000-000000000001`, size: 1 });
      expect(!parsed.ok && parsed.issues.map(({ path }) => path)).toContain("/type");
    },
  );

  test("§3.2: times of a custom object without their milliseconds", () => {
    const dated = { created: "2024-05-06T07:08:09Z", modified: "2024-05-06T07:08:09.000Z" };
    const parsed = parseStixObject({ type: "x-acme", id: idOf("x-acme"), ...dated });
    expect(!parsed.ok && parsed.issues.map(({ path }) => path)).toEqual(["/created"]);
  });
});
