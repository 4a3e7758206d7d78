import { readdirSync, readFileSync } from "node:fs";
import type { StixObject } from "@suar/stix";
import * as stix from "@suar/stix";
import { describe, expect, it } from "vitest";
import { findPersonalData } from "../find-personal-data.ts";
import { allowListOf } from "./allow-list.ts";
import { resolvedShape } from "./shape.ts";

type Schema = { shape: Record<string, unknown> };

/** The schemas of all types, by the type that they stand for. */
const SCHEMAS = new Map(
  Object.values(stix).flatMap((exported): [string, Schema][] => {
    const { shape } = exported as { shape?: Record<string, { value?: unknown }> };
    const type = shape?.type?.value;
    return typeof type === "string" ? [[type, exported as unknown as Schema]] : [];
  }),
);

/** What STIX defines and we let nobody send across a border. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  artifact: ["payload_bin"],
  location: ["latitude", "longitude", "precision", "street_address", "postal_code"],
  "network-traffic": ["ipfix"],
  process: ["environment_variables"],
};

/** Filled in by a choice that looks at the object. */
const CHOSEN: Readonly<Record<string, readonly string[]>> = {
  "language-content": ["contents"],
  "observed-data": ["objects"],
};

const OF_SOME_SCO = [
  "created_by_ref",
  "created",
  "modified",
  "revoked",
  "confidence",
  "lang",
  "labels",
  "external_references",
];

describe("the allow-list", () => {
  it("knows every type of STIX 2.1 and of the incident suite", () => {
    expect(SCHEMAS.size).toBe(19 + 2 + 18 + 3 + 3);
    for (const type of SCHEMAS.keys()) expect(allowListOf(type), type).toBeDefined();
  });

  it.each([...SCHEMAS])("has of %s what its schema has, and not what is left out", (type, { shape }) => {
    const listed = resolvedShape(allowListOf(type), { id: `${type}--1`, object_ref: "report--1" }, {});
    const names = Object.keys(listed as object).filter((name) => !name.startsWith("x_mitre_"));
    const known = Object.keys(shape);
    const expected = known.filter((name) => !(LEFT_OUT[type] ?? []).includes(name));
    expect(
      names.filter((name) => !known.includes(name) && !OF_SOME_SCO.includes(name) && name !== "extensions"),
    ).toEqual([]);
    expect(expected.filter((name) => !names.includes(name))).toEqual([]);
    for (const name of CHOSEN[type] ?? []) expect(names).toContain(name);
  });

  it("tells of every property of the golden objects that is not listed, and of no other", () => {
    const unlisted = goldenObjects().flatMap((object) =>
      findPersonalData(object).flatMap(({ path, class: kind }) =>
        kind === "unlisted" && path !== `/extensions/${ACME_EXTENSION}` ? [`${object.type}${path}`] : [],
      ),
    );
    expect([...new Set(unlisted)].sort()).toEqual([
      "artifact/payload_bin",
      "location/latitude",
      "location/longitude",
      "location/postal_code",
      "location/precision",
      "location/street_address",
      "network-traffic/ipfix",
      "process/environment_variables",
      "process/extensions/windows-process-ext/startup_info",
      "x509-certificate/x509_v3_extensions/subject_directory_attributes",
    ]);
  });
});

describe("what is not listed", () => {
  const report = {
    ...head("report"),
    name: "r",
    published: "2026-01-01T00:00:00Z",
    object_refs: ["malware--1"],
  };

  it.each([
    ["a custom property", { x_acme: 1 }, ["/x_acme"]],
    ["a property nobody knows", { victim_name: "n" }, ["/victim_name"]],
    [
      "an extension nobody knows",
      { extensions: { "extension-definition--1": { a: 1 } } },
      ["/extensions/extension-definition--1"],
    ],
    ["a property of ATT&CK on another type", { x_mitre_detection: "d" }, ["/x_mitre_detection"]],
    [
      "a custom property of a reference",
      { external_references: [{ source_name: "s", x_who: "w" }] },
      ["/external_references/0/x_who"],
    ],
    ["a name with a slash", { "x/y~z": 1 }, ["/x~1y~0z"]],
  ])("is told: %s", (_, more, paths) => {
    const findings = findPersonalData({ ...report, ...more } as StixObject);
    expect(findings).toEqual(paths.map((path) => ({ path, class: "unlisted", individuals: 0 })));
  });

  it("is a type that STIX does not define, as a whole, and what it holds is looked at", () => {
    const custom = { ...head("x-acme-customer"), contact: { mails: ["bob@example.com"] } } as StixObject;
    expect(findPersonalData(custom)).toEqual([
      { path: "/contact/mails/0", class: "email", individuals: 1 },
      { path: "/type", class: "unlisted", individuals: 0 },
    ]);
  });

  it("leaves ATT&CK its own properties on its own types", () => {
    const pattern = {
      ...head("attack-pattern"),
      name: "n",
      x_mitre_detection: "d",
      x_mitre_is_subtechnique: true,
    };
    expect(findPersonalData(pattern as StixObject)).toEqual([]);
  });

  it("is what a translation may not translate", () => {
    const translation = {
      ...head("language-content"),
      object_ref: "report--123e4567-e89b-42d3-a456-426614174000",
      contents: { zh: { name: "受害者 手机13812345678", x_note: "n", published: "2026" } },
    } as StixObject;
    expect(findPersonalData(translation)).toEqual([
      { path: "/contents/zh/name", class: "phone", individuals: 1 },
      { path: "/contents/zh/published", class: "unlisted", individuals: 0 },
      { path: "/contents/zh/x_note", class: "unlisted", individuals: 0 },
    ]);
  });
});

function head(type: string): StixObject {
  const at = "2026-01-01T00:00:00.000Z";
  const id = `${type}--123e4567-e89b-42d3-a456-426614174000`;
  return { type, spec_version: "2.1", id, created: at, modified: at };
}

/** The one that golden objects bear, of a producer that is not there. */
const ACME_EXTENSION = "extension-definition--53f4d9d3-7669-4273-ab8d-4b20eec5b756";

function goldenObjects(): StixObject[] {
  const folder = new URL("../../../../../tests/golden/stix/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "bundle.json");
  return names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as StixObject);
}

describe("an advisory in its own words", () => {
  const id = "vulnerability--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
  const extension = stix.suarId("extension-definition", "csaf-vulnerability", "1");
  const found = (vulnerability: object) =>
    findPersonalData({
      type: "vulnerability",
      id,
      name: "CVE-2026-0001",
      extensions: { [extension]: { extension_type: "property-extension", vulnerability } },
    } as unknown as StixObject).map(({ path, class: kind }) => [
      path.replace(/^.*vulnerability\//, ""),
      kind,
    ]);

  it("crosses a border as it is, where it names nobody", () => {
    expect(
      found({
        cve: "CVE-2026-0001",
        notes: [{ category: "description", text: "A long name overflows." }],
        product_status: { known_affected: ["CSAFPID-0001", "10.4.2-7"] },
        scores: [
          { products: ["CSAFPID-0001"], cvss_v3: { vectorString: "CVSS:3.1/AV:N/AC:L", baseScore: 9.8 } },
        ],
        release_date: "2026-01-02T00:00:00Z",
      }),
    ).toEqual([]);
  });

  it("is looked through where it is prose, and keeps nothing that CSAF does not know", () => {
    expect(found({ notes: [{ category: "other", text: "Ask jane.doe@example.org" }], x_ours: "x" })).toEqual([
      ["notes/0/text", "email"],
      ["x_ours", "unlisted"],
    ]);
  });
});
