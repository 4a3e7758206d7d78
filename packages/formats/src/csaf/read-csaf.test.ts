import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { cpe23Of } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf } from "../testing/collect-drafts.ts";
import { named } from "../testing/named.ts";
import { faultsOf } from "../testing/validated.ts";
import { csafReader } from "./read-csaf.ts";

const fixture = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, "fixtures", name), "utf8");
const [two, newer] = [fixture("advisory-2.0.json"), fixture("advisory-2.1.json")];
const changed = (text: string, change: (advisory: any) => void): object => {
  const advisory = JSON.parse(text);
  change(advisory);
  return advisory;
};

describe("csafReader", () => {
  it.each([two, newer])("is chosen by the content alone, and drafts what STIX allows", async (text) => {
    expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "csaf" } });
    const collected = await collect(csafReader, text);
    expect(faultsOf(collected)).toEqual([]);
    expect(collected.rejects).toEqual([]);
    const indexes = new Set(collected.drafts.map(({ index }) => index));
    expect([...indexes].every((index) => index < indexes.size)).toBe(true);
  });

  it("reads CSAF 2.0 as the golden file says", async () => {
    const { drafts, losses } = await collect(csafReader, two);
    const golden = JSON.parse(fixture("advisory-2.0.golden.json"));
    expect(named(drafts)).toEqual(golden.objects);
    expect(losses.map(({ at, reason }) => `${at}: ${reason}`)).toEqual(golden.losses);
  });

  it("reads what CSAF 2.1 says otherwise: cwes, metrics, purls, TLP 2.0, a group for all", async () => {
    const collected = await collect(csafReader, newer);
    expect(collected.drafts.every(({ marking }) => marking?.tlp === "amber+strict")).toBe(true);
    const [vulnerability] = objectsOf(collected, "vulnerability");
    expect(vulnerability?.external_references).toEqual(
      expect.arrayContaining([
        {
          source_name: "cwe",
          external_id: "CWE-120",
          description: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow') (CWE 4.13)",
        },
        expect.objectContaining({
          source_name: "cvss-v4.0",
          description: "9.3 CRITICAL for: Example Router 2.1",
        }),
        { source_name: "severity", external_id: "critical", description: "for: Example Router 2.1" },
        expect.objectContaining({
          source_name: "epss",
          external_id: '{"percentile":"0.9","probability":"0.5","timestamp":"2026-01-02T00:00:00Z"}',
        }),
      ]),
    );
    expect(vulnerability?.description).toContain(
      "Disclosed: 2026-01-02T00:00:00.000Z\nFirst exploited: 2026-01-01T00:00:00Z",
    );
    const [software] = objectsOf(collected, "software");
    expect(Object.values(software?.extensions as object)[0]).toMatchObject({
      purls: ["pkg:generic/router@2.1"],
    });
    expect(collected.losses.map(({ field }) => field)).toEqual(["x_ours"]);
  });

  it.each([
    ["WHITE", "clear"],
    ["GREEN", "green"],
    ["AMBER", "amber"],
    ["RED", "red"],
    ["CLEAR", "clear"],
    ["AMBER+STRICT", "amber+strict"],
  ])("takes %s as %s for all that it holds", async (label, tlp) => {
    const { drafts } = await collect(
      csafReader,
      changed(two, ({ document }) => (document.distribution.tlp.label = label)),
    );
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set([tlp]));
  });

  it("marks by a line of its text that is stricter than its label", async () => {
    const stricter = changed(two, ({ document }) => (document.notes[0].text = "TLP:RED\nFor you alone"));
    expect((await collect(csafReader, stricter)).drafts[0]?.marking).toEqual({ tlp: "red" });
  });

  it.each([
    [
      "a level that is not known",
      (a: any) => (a.document.distribution.tlp.label = "PURPLE"),
      "unknown-marking",
    ],
    ["a label that is no text", (a: any) => (a.document.distribution.tlp.label = 7), "unknown-marking"],
    [
      "a group of nobody",
      (a: any) => (a.document.distribution.sharing_group = { id: "00000000-0000-0000-0000-000000000000" }),
      "unknown-marking",
    ],
    ["no document", (a: any) => Reflect.deleteProperty(a, "document"), "not-a-bundle"],
    ["no title", (a: any) => Reflect.deleteProperty(a.document, "title"), "not-a-bundle"],
  ])("refuses the whole with %s", async (_name, change, code) => {
    await expect(collect(csafReader, changed(two, change))).rejects.toMatchObject({
      code,
      at: expect.any(String),
    });
  });

  it.each([
    ["vulnerabilities", (a: any) => (a.vulnerabilities = "none"), "/vulnerabilities", "Not a list"],
    [
      "a status",
      (a: any) => (a.vulnerabilities[0].product_status.fixed = [7]),
      "/vulnerabilities/0/product_status/fixed/0",
      "Not a text",
    ],
    [
      "a product of nowhere",
      (a: any) => (a.vulnerabilities[0].product_status.fixed = ["x"]),
      "/vulnerabilities/0/product_status/fixed/0",
      "No product of the tree: x",
    ],
    ["a CVE", (a: any) => (a.vulnerabilities[0].cve = "CVE-1"), "/vulnerabilities/0/cve", "No CVE id: CVE-1"],
    [
      "a product",
      (a: any) => (a.product_tree.branches[0].branches[0].branches[0].product = []),
      "/product_tree/branches/0/branches/0/branches/0/product",
      "Not an object",
    ],
    ["a language", (a: any) => (a.document.lang = "en us"), "/document/lang", "No language tag (RFC 5646)"],
  ])("tells of %s of the wrong form with its place", async (_name, change, at, reason) => {
    const collected = await collect(csafReader, changed(two, change));
    expect(collected.losses).toContainEqual(expect.objectContaining({ at, reason }));
    expect(faultsOf(collected)).toEqual([]);
  });
});

const product = (id: string, name: string): object => ({ product_id: id, name });
const advisory = (vulnerabilities: object[], product_tree: object = {}, more: object = {}): object => ({
  document: { title: "A-1", csaf_version: "2.0", tracking: { id: "A-1" }, ...more },
  product_tree: { full_product_names: [product("P1", "A"), product("P2", "B")], ...product_tree },
  vulnerabilities,
});
const contents = async (input: object): Promise<unknown[]> =>
  objectsOf(await collect(csafReader, input), "note").map(({ content }) => content);

describe("what an advisory says twice under one name", () => {
  it("is two notes: remediations of a category, and thanks", async () => {
    const remediations = [
      { category: "none_available", details: "Not yet", product_ids: ["P1"] },
      { category: "none_available", details: "Never", product_ids: ["P2"] },
    ];
    const thanks = {
      acknowledgments: [{ organization: "ORG" }],
      notes: [{ category: "general", title: "Acknowledgments", text: "To all" }],
    };
    expect(await contents(advisory([{ cve: "CVE-2026-0001", remediations }], {}, thanks))).toEqual([
      "To all",
      "ORG",
      "Not yet\nFor: A",
      "Never\nFor: B",
    ]);
  });

  it.each([
    [
      "of their own",
      [{ ids: [{ system_name: "V", text: "1" }] }, { ids: [{ system_name: "V", text: "2" }] }],
    ],
    ["at all", [{}, {}]],
    ["that is one", [{ cve: "CVE-2026-0001" }, { cve: "CVE-2026-0001" }]],
  ])("is two vulnerabilities, which have numbers %s", async (_name, numbers) => {
    const notes = (text: string): object => ({ notes: [{ category: "description", text }] });
    const all = numbers.map((number, at) => ({ title: "Hard-coded", ...number, ...notes(`D${at}`) }));
    const collected = await collect(csafReader, advisory(all));
    expect(objectsOf(collected, "vulnerability").map(({ description }) => description)).toEqual([
      expect.stringContaining("D0"),
      expect.stringContaining("D1"),
    ]);
    expect(faultsOf(collected)).toEqual([]);
  });

  it("is one product, whichever relationship stands first", async () => {
    const relationships = [
      {
        category: "installed_on",
        product_reference: "R2",
        relates_to_product_reference: "P1",
        full_product_name: product("R1", "R2 on A"),
      },
      {
        category: "default_component_of",
        product_reference: "P2",
        relates_to_product_reference: "P1",
        full_product_name: product("R2", "B in A"),
      },
    ];
    const collected = await collect(csafReader, advisory([{ cve: "CVE-2026-0001" }], { relationships }));
    expect(collected.losses).toEqual([]);
    expect(objectsOf(collected, "relationship").map((one) => one.relationship_type)).toEqual([
      "installed-on",
      "default-component-of",
    ]);
  });
});

describe("products that are named by many", () => {
  const many = Array.from({ length: 5_000 }, (_, n) => product(`P${n}`, `${n} ${"x".repeat(300)}`));
  const groups = [{ group_id: "G", product_ids: many.map((_, n) => `P${n}`) }];
  const vulnerability = (n: number): object => ({
    cve: `CVE-2026-${10_000 + n}`,
    threats: [{ category: "impact", details: "x", group_ids: ["G"] }],
    flags: [{ label: "component_not_present", group_ids: ["G"] }],
    remediations: [{ category: "mitigation", details: "x", group_ids: ["G"] }],
    scores: [{ products: ["P1"], cvss_v3: { version: "3.1", vectorString: "CVSS:3.1/AV:N", baseScore: 1 } }],
  });

  it("are named in part, which is told, and do not make much of little", async () => {
    const input = JSON.stringify(
      advisory(
        Array.from({ length: 400 }, (_, n) => vulnerability(n)),
        { full_product_names: many, product_groups: groups },
      ),
    );
    const collected = await collect(csafReader, input);
    expect(JSON.stringify(collected.drafts).length).toBeLessThan(10 * input.length);
    expect(collected.losses.find(({ field }) => field === "product_ids")).toMatchObject({
      field: "product_ids",
      reason: "Only the first 20 of 5000 products are named",
    });
    const [note] = await contents(
      advisory([vulnerability(0)], { full_product_names: many, product_groups: groups }),
    );
    expect(note).toMatch(/^impact: x · \[0 x{197}…\] .*\[and others, 5000 in all\]$/);
  });
});

describe("cpe23Of", () => {
  it.each([
    ["cpe:2.3:a:example:router:2.0:*:*:*:*:*:*:*", "cpe:2.3:a:example:router:2.0:*:*:*:*:*:*:*"],
    ["cpe:/a:example:router:2.0", "cpe:2.3:a:example:router:2.0:*:*:*:*:*:*:*"],
    ["cpe:/o:Example:router_os:-::~~pro~linux~x64~", "cpe:2.3:o:example:router_os:-:*:*:*:pro:linux:x64:*"],
    ["cpe:/a:example:c%2b%2b", "cpe:2.3:a:example:c\\+\\+:*:*:*:*:*:*:*:*"],
    ["cpe:2.3:a:example", undefined],
    ["router", undefined],
  ])("writes %s as %s", (text, cpe) => expect(cpe23Of(text)).toBe(cpe));
});

const CORPUS = resolve(import.meta.dirname, "../../../../../shared/corpus/csaf");

describe.skipIf(!existsSync(CORPUS))("the corpus of CSAF", () => {
  const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((file) => file.endsWith(".json")) : [];
  it.each(files)("reads %s without a loss that is not explained", async (file) => {
    const collected = await collect(csafReader, readFileSync(resolve(CORPUS, file)));
    expect(faultsOf(collected)).toEqual([]);
    expect(collected.rejects).toEqual([]);
    const explained = /^(?:Personal data|What wrote the file|Names of people|Sharing follows TLP)/;
    expect(collected.losses.filter(({ reason }) => !explained.test(reason))).toEqual([]);
    const { vulnerabilities } = JSON.parse(readFileSync(resolve(CORPUS, file), "utf8"));
    expect(objectsOf(collected, "vulnerability")).toHaveLength(vulnerabilities.length);
    const fixes = vulnerabilities.flatMap(({ remediations = [] }: any) => remediations);
    const written = JSON.stringify(collected.drafts);
    for (const { details } of fixes) expect(written).toContain(JSON.stringify(details.trim()).slice(1, -1));
  });
});
