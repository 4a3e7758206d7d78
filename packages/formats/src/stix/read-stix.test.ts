import { parseStixObject } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { collect } from "../testing/collect-drafts.ts";
import { stixReader } from "./read-stix.ts";

const AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
const RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
const GREEN_1 = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
const STATEMENT = "marking-definition--11111111-1111-4111-8111-111111111111";
const CUSTOM = "marking-definition--22222222-2222-4222-8222-222222222222";

const bundle = (...objects: unknown[]): object => ({ type: "bundle", id: "bundle--1", objects });
const domain = (more: object = {}): object => ({
  type: "domain-name",
  spec_version: "2.1",
  id: "domain-name--33333333-3333-4333-8333-333333333333",
  value: "example.com",
  ...more,
});
const definition = (id: string, more: object): object => ({
  type: "marking-definition",
  spec_version: "2.1",
  id,
  created: "2026-01-01T00:00:00.000Z",
  ...more,
});

describe("the STIX reader", () => {
  it("takes each object as it is, with its place", async () => {
    const object = domain({ x_extra: { kept: [1] } });
    const { drafts } = await collect(stixReader, bundle(object));
    expect(drafts).toEqual([{ kind: "object", index: 0, at: "/objects/0", object }]);
  });

  it.each(["12345678901234567890", "-9007199254740993", "1152921504606846976", "1e999"])(
    "alters no number: an object that holds %s cannot be valid",
    async (number) => {
      const text = JSON.stringify(bundle(domain({ x_list: [{ x_big: "BIG" }] }), domain()));
      const { drafts } = await collect(stixReader, text.replace('"BIG"', number));
      const verdicts = drafts.map((draft) => draft.kind === "object" && parseStixObject(draft.object));
      const issues = [expect.objectContaining({ code: "out-of-range", path: "/x_list/0/x_big" })];
      expect(verdicts).toMatchObject([{ ok: false, issues }, { ok: true }]);
    },
  );

  it("takes a single object and a TAXII envelope", async () => {
    expect((await collect(stixReader, domain())).drafts).toHaveLength(1);
    expect((await collect(stixReader, { more: false, objects: [domain()] })).drafts).toHaveLength(1);
  });

  it.each([
    ["TLP 2", { object_marking_refs: [AMBER] }, "amber"],
    ["TLP 1", { object_marking_refs: [GREEN_1] }, "green"],
    ["the stricter of two", { object_marking_refs: [GREEN_1, AMBER] }, "amber"],
    ["a label", { labels: ["tlp:amber+strict"] }, "amber+strict"],
    ["a definition of the bundle's own", { object_marking_refs: [CUSTOM] }, "red"],
    ["a granular marking", { granular_markings: [{ selectors: ["value"], marking_ref: AMBER }] }, "amber"],
  ])("reads the TLP of %s", async (_name, more, tlp) => {
    const own = definition(CUSTOM, { definition_type: "tlp", definition: { tlp: "red" } });
    const { drafts } = await collect(stixReader, bundle(domain(more), own));
    expect(drafts.map((draft) => draft.marking?.tlp)).toEqual([tlp]);
  });

  it.each([
    ["a ref in capitals", { object_marking_refs: [AMBER.toUpperCase()] }, { tlp: "amber" }],
    ["PAP as a label, the stricter of two", { labels: ["pap:green", "PAP:RED"] }, { pap: "red" }],
    ["PAP as a definition", { object_marking_refs: [CUSTOM] }, { pap: "red" }],
    ["a label in other letters", { labels: ["TLP：AMBER"] }, { tlp: "amber" }],
  ])("reads %s", async (_name, more, marking) => {
    const own = definition(CUSTOM, { definition_type: "statement", definition: { statement: "PAP:RED" } });
    const { drafts } = await collect(stixReader, bundle(domain(more), own));
    expect(drafts[0]?.marking).toEqual(marking);
  });

  it.each([
    ["of STIX 2.0", { spec_version: "2.0", object_marking_refs: [RED] }, "stix-2.0"],
    ["of an unknown level besides", { object_marking_refs: [RED], labels: ["pap:mauve"] }, "unknown-marking"],
    [
      "within a bundle",
      { type: "bundle", objects: [bundle(domain({ labels: ["tlp:red"] }))] },
      "nested-bundle",
    ],
  ])("tells the marking of an object that it refuses: one %s", async (_name, more, code) => {
    const { rejects } = await collect(stixReader, bundle(domain(more)));
    expect(rejects).toMatchObject([{ code, marking: { tlp: "red" } }]);
  });

  it("keeps other markings and passes the TLP definitions over", async () => {
    const statement = definition(STATEMENT, {
      definition_type: "statement",
      definition: { statement: "Mind this" },
    });
    const tlp = definition(AMBER, { name: "TLP:AMBER" });
    const { drafts, losses } = await collect(
      stixReader,
      bundle(tlp, statement, domain({ object_marking_refs: [AMBER, STATEMENT] })),
    );
    expect(drafts.map((draft) => draft.kind === "object" && draft.object.type)).toEqual([
      "marking-definition",
      "domain-name",
    ]);
    expect(drafts[1]).toMatchObject({
      index: 1,
      at: "/objects/2",
      object: { object_marking_refs: [STATEMENT] },
    });
    expect(losses).toEqual([]);
  });

  it("refuses what stands under a TLP that nobody knows", async () => {
    const own = definition(CUSTOM, { definition_type: "tlp", definition: { tlp: "purple" } });
    const { rejects } = await collect(stixReader, bundle(own, domain({ object_marking_refs: [CUSTOM] })));
    expect(rejects.map(({ code, at }) => [code, at])).toEqual([["unknown-marking", "/objects/1"]]);
    expect(rejects[0]).toMatchObject({ unknownMarking: true, raw: "example.com", id: expect.any(String) });
  });

  it.each([
    ["TLP", { TLP: "TLP:AMBER+STRICT" }, { tlp: "amber+strict" }],
    ["PAP", { PAP: "PAP:RED" }, { pap: "red" }],
  ])("reads %s as OpenCTI defines it", async (definition_type, said, marking) => {
    const own = definition(CUSTOM, { definition_type, name: Object.values(said)[0], definition: said });
    const { drafts } = await collect(stixReader, bundle(own, domain({ object_marking_refs: [CUSTOM] })));
    expect(drafts.at(-1)?.marking).toEqual(marking);
  });

  it("refuses what is marked by a definition that nobody has", async () => {
    const object_marking_refs = [CUSTOM];
    const whole = await collect(stixReader, bundle(domain({ object_marking_refs })));
    expect(whole.rejects).toMatchObject([{ code: "unknown-marking", unknownMarking: true }]);
    const terms = definition(CUSTOM, { definition_type: "statement", definition: { statement: "(c)" } });
    expect((await collect(stixReader, bundle(terms, domain({ object_marking_refs })))).rejects).toEqual([]);
  });

  it("refuses what is marked in part by a definition that nobody has", async () => {
    const granular_markings = [{ selectors: ["value"], marking_ref: CUSTOM }];
    const alone = await collect(stixReader, bundle(domain({ granular_markings })));
    expect(alone.rejects).toMatchObject([{ code: "unknown-marking", unknownMarking: true }]);
    const statement = definition(CUSTOM, { definition_type: "statement", definition: { statement: "(c)" } });
    expect((await collect(stixReader, bundle(statement, domain({ granular_markings })))).rejects).toEqual([]);
    const lang = domain({ granular_markings: [{ selectors: ["value"], lang: "ms" }] });
    expect((await collect(stixReader, bundle(lang))).rejects).toEqual([]);
  });

  it.each(["report", "grouping", "note", "observed-data"])("knows what a %s holds", async (type) => {
    const { drafts } = await collect(
      stixReader,
      bundle({ type, spec_version: "2.1", id: "x", object_refs: ["a--1"] }),
    );
    expect(drafts[0]?.contains).toEqual(["a--1"]);
  });

  it("takes the versions of one object in their order, across batches, and leaves the rest in place", async () => {
    const version = (id: string, modified: unknown): object => ({
      type: "campaign",
      spec_version: "2.1",
      id,
      modified,
    });
    const [first, second, last] = [
      "2026-01-01T00:00:00Z",
      "2026-01-01T00:00:00.0000001Z",
      "2026-01-02T00:00:00Z",
    ];
    const others = Array.from({ length: 1_500 }, (_, n) => version(`campaign--${n}`, first));
    const { drafts } = await collect(
      stixReader,
      bundle(
        version("campaign--A", last),
        ...others,
        version("campaign--a", first),
        version("campaign--a", second),
      ),
    );
    const all = drafts.map((draft): Record<string, unknown> => (draft.kind === "object" ? draft.object : {}));
    expect([all[0], ...all.slice(-2)].map((one) => one?.modified)).toEqual([first, second, last]);
    expect(all.slice(1, -2)).toEqual(others);
    expect([drafts[0], drafts.at(-1)]).toMatchObject([
      { index: 1_501, at: "/objects/1501" },
      { index: 0, at: "/objects/0" },
    ]);
    const odd = [version("x", 7), version("x", last), version("x", "soon"), version("x", first)];
    const read = (await collect(stixReader, bundle(...odd))).drafts;
    expect(read.map(({ index }) => index)).toEqual([0, 3, 2, 1]);
  });

  it("refuses records one by one", async () => {
    const old = domain({ spec_version: "2.0" });
    const { rejects, drafts } = await collect(stixReader, bundle("text", old, bundle(), domain()));
    expect(rejects.map(({ code }) => code)).toEqual(["not-an-object", "stix-2.0", "nested-bundle"]);
    expect(drafts.map(({ index }) => index)).toEqual([3]);
  });

  it.each([
    ["a list", "[]"],
    ["a number", "1"],
    ["an object without a type", '{"a": 1}'],
    ["objects that are no list", '{"type": "bundle", "objects": 1}'],
  ])("does not take %s for a bundle", async (_name, text) => {
    await expect(collect(stixReader, text)).rejects.toMatchObject({ code: "not-a-bundle" });
  });
});
