import { describe, expect, it } from "vitest";
import { csafReader } from "./csaf/read-csaf.ts";
import type { Reader } from "./draft.ts";
import { mispReader } from "./misp/read-misp.ts";
import { shadowserverReader } from "./shadowserver/read-shadowserver.ts";
import { REPORT_KINDS } from "./shadowserver/reports.ts";
import { stixReader } from "./stix/read-stix.ts";
import { collect } from "./testing/collect-drafts.ts";
import { attribute, event } from "./testing/misp-fixture.ts";

const TIME = "2026-01-01T00:00:00.000Z";
const id = (type: string, n: number): string => `${type}--00000000-0000-4000-8000-00000000000${n}`;
/** Keys of the first two words are refused with the whole document (parse-json-bounded.ts); this one is not. */
const keyed = (value: unknown): object => ({ toString: value });

function stix20(word: string): object {
  const dates = { created: TIME, modified: TIME };
  return {
    type: "bundle",
    id: id("bundle", 1),
    spec_version: "2.0",
    objects: [
      {
        type: word,
        id: id("tool", 2),
        ...dates,
        labels: ["x"],
        granular_markings: [{ selectors: ["labels"] }],
      },
      {
        type: "observed-data",
        id: id("observed-data", 3),
        ...dates,
        first_observed: TIME,
        last_observed: TIME,
        number_observed: 1,
        objects: {
          0: { type: word, value: "x" },
          1: { type: "file", name: "a", hashes: keyed("x"), extensions: keyed({ version: "x" }) },
          2: { type: "file", name: "b", parent_directory_ref: word, ...keyed("x") },
        },
      },
    ],
  };
}

function misp(word: string): object {
  const attributes = [
    attribute("text", "x", { object_relation: word }),
    attribute(word, "x", { object_relation: "filename" }),
  ];
  const named = ["file", "person", "email", "x509", "asn", "url", "domain-ip", word].map((name) => ({
    name,
    Attribute: attributes,
    ObjectReference: [{ referenced_uuid: word, relationship_type: word }],
  }));
  const galaxy = { type: word, GalaxyCluster: [{ type: word, value: word, meta: keyed("x") }] };
  return event({
    threat_level_id: word,
    analysis: word,
    distribution: word,
    Object: named,
    Attribute: attributes,
    Galaxy: [galaxy],
    Tag: [{ name: `misp-galaxy:${word}="${word}"` }, { name: word }],
  });
}

function csaf(word: string): object {
  const product = { product_id: word, name: word, product_identification_helper: keyed("x") };
  return {
    document: { title: word, csaf_version: word, category: word, ...keyed("x") },
    product_tree: {
      branches: [{ category: word, name: word, product }],
      product_groups: [{ group_id: word, product_ids: [word] }],
    },
    vulnerabilities: [
      {
        cve: word,
        title: word,
        product_status: { fixed: [word], ...keyed([word]) },
        remediations: [{ category: word, details: word, group_ids: [word] }],
        threats: [{ category: word, product_ids: [word] }],
        notes: [{ category: word, text: word }],
        scores: [{ products: [word], cvss_v3: { vectorString: word } }],
      },
    ],
  };
}

function shadowserver(word: string): string {
  const columns = [...(REPORT_KINDS.find(({ name }) => name === "scan_mongodb")?.columns ?? []), word];
  const cells = columns.map((column) =>
    column === "timestamp" ? "2026-01-02 03:04:05" : column === "ip" ? "192.0.2.1" : word,
  );
  return `${columns.join(",")}\n${cells.join(",")}\n`;
}

const INPUTS: readonly (readonly [string, Reader, (word: string) => string | object])[] = [
  ["STIX 2.0", stixReader, stix20],
  ["MISP", mispReader, misp],
  ["CSAF", csafReader, csaf],
  ["Shadowserver", shadowserverReader, shadowserver],
];

describe.each(INPUTS)("%s", (_name, reader, inputOf) => {
  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "takes %s for a word like any other",
    async (word) => {
      const collected = await collect(reader, inputOf(word));
      expect(collected.drafts.length).toBeGreaterThan(0);
      expect(JSON.stringify(collected)).not.toMatch(/native code|\[object Object\]/);
    },
  );
});
