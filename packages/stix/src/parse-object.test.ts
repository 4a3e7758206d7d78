import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { OBJECT_TYPES } from "./object-types.ts";
import { parseBundle } from "./parse-bundle.ts";
import { parseStixObject } from "./parse-object.ts";
import { idOf, OBJECTS, sample } from "./testing/objects.ts";

/** The first issue as `code path`, or `ok`. */
function verdict(value: unknown): string {
  const parsed = parseStixObject(value);
  return parsed.ok ? "ok" : `${parsed.issues[0]?.code} ${parsed.issues[0]?.path}`;
}

test("knows the 42 types of STIX 2.1, and has a sample of each", () => {
  expect(OBJECT_TYPES.size).toBe(19 + 2 + 18 + 3);
  expect(OBJECTS.map((object) => object.type).sort()).toEqual([...OBJECT_TYPES.keys()].sort());
});

describe.each(OBJECTS.map((object) => [object.type, object] as const))("%s", (_, object) => {
  test("is accepted, and handed back as the same value", () => {
    const parsed = parseStixObject(object);
    expect(parsed).toEqual({ ok: true, object });
    expect(parsed.ok && parsed.object).toBe(object);
  });

  test("survives with properties that nobody knows", () => {
    const odd = { ...object, x_suar_note: { nested: [null, {}] }, other_vendor: [[]] };
    const before = canonicalJson(odd);
    const parsed = parseStixObject(odd);
    expect(parsed.ok && canonicalJson(parsed.object)).toBe(before);
  });

  test("is refused without an id, with another type's id, or with a wrong marking", () => {
    const { id, ...rest } = object;
    expect(verdict(rest)).toBe("missing-property /id");
    expect(verdict({ ...object, id: id.replace(/^[a-z0-9-]+?--/, "x-other--") })).toBe("id-type /id");
    expect(verdict({ ...object, object_marking_refs: [idOf("identity")] })).toBe(
      "invalid-format /object_marking_refs/0",
    );
    expect(verdict({ ...object, object_marking_refs: [] })).toBe("empty /object_marking_refs");
  });
});

// What each row breaks stands in the third column; the section is the specification's.
test.each([
  ["4.7.1", "indicator", { valid_until: "2024-01-01T00:00:00.0Z" }, "order /valid_until"],
  ["4.7.1", "indicator", { pattern: "[domain-name:value = ]" }, "pattern /pattern"],
  ["4.7.1", "indicator", { pattern: undefined }, "missing-property /pattern"],
  ["3.6", "indicator", { modified: "2024-05-06T07:08:08.999Z" }, "order /modified"],
  ["3.2", "indicator", { created: "2024-05-06T07:08:09Z" }, "invalid-format /created"],
  ["3.2", "indicator", { confidence: 101 }, "out-of-range /confidence"],
  ["3.2", "indicator", { defanged: true }, "not-allowed /defanged"],
  ["3.2", "indicator", { spec_version: "2.0" }, "invalid-value /spec_version"],
  ["3.8", "indicator", { severity: "high" }, "reserved-name /severity"],
  ["3.1", "indicator", { "Bad-Name": 1 }, "property-name /Bad-Name"],
  [
    "2.5",
    "indicator",
    { external_references: [{ source_name: "x" }] },
    "invalid-format /external_references/0",
  ],
  ["4.2.1", "campaign", { last_seen: "2023-12-31T23:59:59Z" }, "order /last_seen"],
  ["4.3.1", "course-of-action", { action: "x" }, "reserved-name /action"],
  ["4.10.1", "location", { longitude: undefined }, "missing-property /longitude"],
  ["4.10.1", "location", { latitude: undefined, longitude: undefined }, "missing-property /latitude"],
  ["4.10.1", "location", { latitude: 91 }, "out-of-range /latitude"],
  ["4.11.1", "malware", { name: undefined }, "missing-property /name"],
  ["4.12.1", "malware-analysis", { result: undefined }, "missing-property "],
  ["4.14.1", "observed-data", { objects: { "0": { type: "url" } } }, "exactly-one "],
  ["4.14.1", "observed-data", { object_refs: undefined }, "exactly-one "],
  ["4.14.1", "observed-data", { object_refs: [idOf("malware")] }, "invalid-format /object_refs/0"],
  ["4.14.1", "observed-data", { object_refs: [idOf("sighting")] }, "missing-reference /object_refs"],
  ["4.14.1", "observed-data", { number_observed: 1_000_000_000 }, "out-of-range /number_observed"],
  ["4.15.1", "opinion", { opinion: "maybe" }, "invalid-value /opinion"],
  [
    "4.19.1",
    "vulnerability",
    { external_references: [{ source_name: "cve", external_id: "2024-1" }] },
    "invalid-format /external_references/0/external_id",
  ],
  ["5.1.1", "relationship", { relationship_type: "Uses It" }, "invalid-format /relationship_type"],
  ["5.1.1", "relationship", { target_ref: idOf("sighting") }, "invalid-format /target_ref"],
  [
    "5.1.1",
    "relationship",
    { start_time: "2024-01-01T00:00:00Z", stop_time: "2024-01-01T00:00:00.0Z" },
    "order /stop_time",
  ],
  ["5.2.1", "sighting", { sighting_of_ref: idOf("url") }, "invalid-format /sighting_of_ref"],
  [
    "6.1.1",
    "artifact",
    { url: "https://a.example/", hashes: { MD5: "d41d8cd98f00b204e9800998ecf8427e" } },
    "exactly-one ",
  ],
  ["6.1.1", "artifact", { payload_bin: undefined, url: "https://a.example/" }, "missing-property /hashes"],
  ["6.1.1", "artifact", { decryption_key: "k" }, "missing-property /encryption_algorithm"],
  ["6.1.1", "artifact", { encryption_algorithm: "rot13" }, "invalid-value /encryption_algorithm"],
  ["6.3.1", "directory", { contains_refs: [idOf("url")] }, "invalid-format /contains_refs/0"],
  ["6.4.1", "domain-name", { resolves_to_refs: [idOf("url")] }, "invalid-format /resolves_to_refs/0"],
  ["6.6.1", "email-message", { is_multipart: true }, "not-allowed /body"],
  ["6.6.1", "email-message", { body_multipart: [{ body: "x" }] }, "not-allowed /body_multipart"],
  ["6.7.1", "file", { hashes: undefined }, "missing-property "],
  ["2.7", "file", { hashes: { MD5: "abc" } }, "invalid-format /hashes/MD5"],
  [
    "6.7.2.1",
    "file",
    { extensions: { "archive-ext": {} } },
    "missing-property /extensions/archive-ext/contains_refs",
  ],
  ["6.8.1", "ipv4-addr", { value: "198.51.100.256" }, "invalid-format /value"],
  ["6.10.1", "mac-addr", { value: "D2:FB:49:24:37:18" }, "invalid-format /value"],
  ["6.12.1", "network-traffic", { dst_ref: undefined }, "missing-property "],
  ["6.12.1", "network-traffic", { protocols: undefined }, "missing-property /protocols"],
  ["6.12.1", "network-traffic", { is_active: true }, "not-allowed /is_active"],
  ["6.12.1", "network-traffic", { is_active: undefined }, "missing-property /is_active"],
  ["6.13.1", "process", { pid: undefined, image_ref: undefined }, "missing-property "],
  ["6.17.1", "windows-registry-key", { key: "HKLM\\x" }, "invalid-format /key"],
  ["7.1.1", "language-content", { lang: "en" }, "not-allowed /lang"],
  [
    "7.1.1",
    "language-content",
    { contents: { "not a code": { name: "x" } } },
    "invalid-format /contents/not a code",
  ],
  ["7.1.1", "language-content", { contents: { de: {} } }, "invalid-format /contents/de"],
  ["7.2.1.1", "marking-definition", { modified: "2024-05-06T07:08:09.000Z" }, "not-allowed /modified"],
  ["7.2.1.1", "marking-definition", { definition: undefined }, "missing-property "],
  [
    "7.2.1.4",
    "marking-definition",
    { definition_type: "tlp", definition: { tlp: "red" } },
    "fixed-definition /id",
  ],
  ["7.3.1", "extension-definition", { created_by_ref: undefined }, "missing-property /created_by_ref"],
  ["7.3.1", "extension-definition", { extension_types: ["new-sdo"] }, "not-allowed /extension_properties"],
])("§%s: %s with %j is refused", (_, type, changes, expected) => {
  expect(verdict(sample(type, changes))).toBe(expected);
});

test("granular markings resolve, and name either a marking or a language", () => {
  const marked = (granular: object) => verdict(sample("campaign", { granular_markings: [granular] }));
  const marking_ref = idOf("marking-definition");
  expect(marked({ selectors: ["name"], marking_ref })).toBe("ok");
  expect(marked({ selectors: ["name"], lang: "ms" })).toBe("ok");
  expect(marked({ selectors: ["objective"], marking_ref })).toBe("selector /granular_markings/0/selectors/0");
  expect(marked({ selectors: ["name.[0]"], marking_ref })).toBe("selector /granular_markings/0/selectors/0");
  expect(marked({ selectors: ["name"], marking_ref, lang: "ms" })).toBe(
    "invalid-format /granular_markings/0",
  );
  expect(marked({ selectors: ["name"] })).toBe("invalid-format /granular_markings/0");
});

test("custom types pass, and are held to what an extension declares of them", () => {
  const custom = { type: "x-acme-thing", id: idOf("x-acme-thing"), anything: [{}] };
  expect(verdict(custom)).toBe("ok");
  expect(verdict({ ...custom, id: "x-acme-thing--1" })).toBe("invalid-format /id");
  const declared = {
    type: "sector-alert",
    spec_version: "2.1",
    id: idOf("sector-alert"),
    extensions: { [idOf("extension-definition")]: { extension_type: "new-sdo" } },
  };
  expect(verdict(declared)).toBe("missing-property /created");
  const dated = { created: "2024-05-06T07:08:09.000Z", modified: "2024-05-06T07:08:09.000Z" };
  expect(verdict({ ...declared, ...dated })).toBe("ok");
  expect(verdict({ ...declared, ...dated, extensions: undefined })).toBe("ok");
  expect(verdict({ ...declared, created: dated.created, extensions: undefined })).toBe(
    "missing-property /modified",
  );
  expect(verdict({ type: "bundle", id: idOf("bundle") })).toBe("unknown-type /type");
});

test("dangerous keys and depths are refused before anything else looks", () => {
  const poisoned: unknown = JSON.parse('{"type":"url","x_a":[{"b":{"__proto__":{"c":1}}}]}');
  expect(verdict(poisoned)).toBe("forbidden-key /x_a/0/b/__proto__");
  expect(verdict({ ...sample("url"), constructor: 1 })).toBe("forbidden-key /constructor");
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  expect(verdict({ ...sample("url"), x_deep: deep })).toBe("too-deep ");
});

test("what has no canonical form is refused, however JSON wrote it", () => {
  const read = (text: string) => verdict({ ...sample("url"), x_a: JSON.parse(text) as unknown });
  expect(read('[{"b":"\\ud800"}]')).toBe("malformed-text /x_a/0/b");
  expect(read('{"\\udc00":1}')).toBe("malformed-text /x_a/\ufffd");
  expect(read("[1e999]")).toBe("out-of-range /x_a/0");
  expect(read('["\\ud83d\\ude00", 1e308]')).toBe("ok");
});

test.each([[null], [undefined], ["url"], [[]], [7], [{}], [{ type: 7 }], [{ type: "toString" }]])(
  "%j is no object",
  (value) => {
    expect(verdict(value)).not.toBe("ok");
  },
);

test("an issue names the section, and issues have a limit", () => {
  const parsed = parseStixObject(sample("report", { object_refs: new Array(500).fill("x"), confidence: -1 }));
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.issues).toHaveLength(50);
  expect(new Set(parsed.issues.map((issue) => issue.section))).toEqual(new Set(["3.2", "4.16"]));
});

test("an issue names the section of its rule", () => {
  const sectionsOf = (value: unknown) => {
    const parsed = parseStixObject(value);
    return parsed.ok ? [] : parsed.issues.map(({ section }) => section);
  };
  expect(sectionsOf(sample("indicator", { severity: "high" }))).toEqual(["3.8"]);
  expect(sectionsOf(sample("indicator", { "Bad/Name": 1 }))).toEqual(["3.1"]);
  expect(sectionsOf(sample("indicator", { modified: "2024-05-06T07:08:08.999Z" }))).toEqual(["3.6"]);
  expect(sectionsOf(sample("indicator", { id: idOf("malware") }))).toEqual(["2.9"]);
  expect(sectionsOf(sample("indicator", { external_references: [{ source_name: "x" }] }))).toEqual(["2.5"]);
  expect(sectionsOf(sample("file", { extensions: { "archive-ext": {} } }))).toEqual(["6.7.2"]);
});

test("what is wrong between properties is reported beside a property that is wrong by itself", () => {
  const parsed = parseStixObject(
    sample("indicator", { name: 7, valid_until: "2023-01-01T00:00:00Z", severity: "high", "Bad/Name": 1 }),
  );
  expect(!parsed.ok && parsed.issues.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "invalid-type /name",
    "reserved-name /severity",
    "property-name /Bad~1Name",
    "order /valid_until",
  ]);
  // What cannot be compared is said once, not twice.
  const broken = parseStixObject(sample("indicator", { valid_from: 7, valid_until: "2023-01-01T00:00:00Z" }));
  expect(!broken.ok && broken.issues.map(({ path }) => path)).toEqual(["/valid_from"]);
});

test("a bundle reports the errors of all its objects", () => {
  const bundle = { type: "bundle", id: idOf("bundle"), objects: [sample("url"), { type: "url" }, 7] };
  const parsed = parseBundle(bundle);
  expect(!parsed.ok && parsed.issues.map((issue) => issue.path)).toEqual([
    "/objects/1/id",
    "/objects/1/value",
    "/objects/2",
  ]);
  const named = parseBundle({ ...bundle, objects: [sample("url", { value: 7 }), { type: "url" }] });
  expect(!named.ok && named.issues.map((issue) => issue.object)).toEqual([idOf("url"), undefined, undefined]);
  const poisoned = parseBundle({ ...bundle, x_a: "\ud800", objects: [sample("url", { prototype: 1 }), 7] });
  expect(!poisoned.ok && poisoned.issues.map((issue) => issue.path)).toEqual([
    "/x_a",
    "/objects/0/prototype",
    "/objects/1",
  ]);
  expect(parseBundle({ ...bundle, objects: [...OBJECTS] }).ok).toBe(true);
  expect(parseBundle({ ...bundle, objects: [] }).ok).toBe(false);
});

test("no value makes it throw", () => {
  const type = fc.constantFrom(...OBJECT_TYPES.keys());
  fc.assert(
    fc.property(type, fc.object({ maxDepth: 4 }), (name, junk) => {
      expect(typeof parseStixObject({ ...sample(name), ...junk }).ok).toBe("boolean");
    }),
  );
});
