import { Pap, Tlp } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveMarkings, type MarkingNode } from "./inheritance.ts";
import { ownMarkings } from "./own-markings.ts";

const node = (id: string, rest: Partial<MarkingNode> = {}): MarkingNode => ({
  id,
  contains: [],
  refs: [],
  isRelationship: false,
  ...rest,
});

describe("the markings of an object that nothing contains", () => {
  it("are the stricter of its own and the submission's, each by itself, and none when nobody said any", () => {
    expect(ownMarkings({}, {})).toEqual({});
    expect(ownMarkings({ tlp: "clear" }, {})).toEqual({ tlp: "clear" });
    expect(ownMarkings({}, { tlp: "green", pap: "red" })).toEqual({ tlp: "green", pap: "red" });
    expect(ownMarkings({ tlp: "amber+strict", pap: "clear" }, { tlp: "amber", pap: "amber" })).toEqual({
      tlp: "amber+strict",
      pap: "amber",
    });
  });
});

describe("the effective markings of a submission", () => {
  it("a child takes the stricter of its own and its containers', through any depth", () => {
    const answer = effectiveMarkings([
      node("child", { own: { tlp: "clear", pap: "red" } }),
      node("inner", { contains: ["child"], own: { pap: "amber" } }),
      node("outer", { contains: ["inner", "absent"], own: { tlp: "amber" } }),
      node("loose", { own: { tlp: "clear" } }),
      node("bare"),
    ]);
    expect(Object.fromEntries(answer)).toEqual({
      child: { tlp: "amber", pap: "red" },
      inner: { tlp: "amber", pap: "amber" },
      outer: { tlp: "amber" },
      loose: { tlp: "clear" },
      bare: {},
    });
  });

  it("a container does not take its children's", () => {
    const answer = effectiveMarkings([
      node("report", { contains: ["x"], own: { tlp: "clear" } }),
      node("x", { own: { tlp: "red" } }),
    ]);
    expect(answer.get("report")).toEqual({ tlp: "clear" });
  });

  it("a relationship takes at least the strictest of its ends, and gives it to neither", () => {
    const answer = effectiveMarkings([
      node("r", { refs: ["a", "b"], isRelationship: true, own: { tlp: "clear" } }),
      node("a", { own: { tlp: "green" } }),
      node("b"),
      node("report", { contains: ["b"], own: { tlp: "amber+strict" } }),
    ]);
    expect(answer.get("r")).toEqual({ tlp: "amber+strict" });
    expect(answer.get("a")).toEqual({ tlp: "green" });
  });

  it("what is no relationship does not take the markings of what it refers to", () => {
    const answer = effectiveMarkings([
      node("a", { refs: ["b"], own: { tlp: "clear" } }),
      node("b", { own: { tlp: "red" } }),
    ]);
    expect(answer.get("a")).toEqual({ tlp: "clear" });
  });

  it("two rows with one id share the stricter of theirs", () => {
    const rows = [node("a", { own: { tlp: "amber" } }), node("a", { own: { tlp: "clear" } })];
    expect(effectiveMarkings(rows)).toEqual(new Map([["a", { tlp: "amber" }]]));
  });

  it("refuses a marking that it does not know", () => {
    expect(() => effectiveMarkings([node("a", { own: { tlp: "purple" as Tlp } })], { tlp: "clear" })).toThrow(
      RangeError,
    );
  });

  it("walks a chain of 200,000 containers that bites its tail", () => {
    const size = 200_000;
    const chain = Array.from({ length: size }, (_, i) => node(`n${i}`, { contains: [`n${(i + 1) % size}`] }));
    chain[size - 1] = node(`n${size - 1}`, { contains: ["n0"], own: { tlp: "amber" } });
    expect(effectiveMarkings(chain).get("n17")).toEqual({ tlp: "amber" });
  });

  it("agrees with passing markings on until nothing changes", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const someIds = fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 2 });
    const markings = fc.record(
      { tlp: fc.constantFrom(...Tlp.options), pap: fc.constantFrom(...Pap.options) },
      { requiredKeys: [] },
    );
    const graphs = fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          own: markings,
          contains: someIds,
          refs: someIds,
          isRelationship: fc.boolean(),
        }),
      ),
    );
    fc.assert(
      fc.property(graphs, markings, (nodes, given) => {
        const answer = effectiveMarkings(nodes, given);
        expect(Object.fromEntries([...answer].map(([id, { tlp }]) => [id, tlp]))).toEqual(
          slowTlps(nodes, given.tlp),
        );
      }),
    );
  });
});

const STRICTEST_FIRST: readonly Tlp[] = ["red", "amber+strict", "amber", "green", "clear"];

/** Passes TLPs along every edge, over and over, until a round changes nothing. */
function slowTlps(nodes: readonly MarkingNode[], given: Tlp | undefined): Record<string, Tlp | undefined> {
  const tlps: Record<string, Tlp | undefined> = Object.fromEntries(
    nodes.map(({ id, own }) => [id, own?.tlp]),
  );
  for (let round = 0; round <= nodes.length; round++) {
    for (const { id, refs, isRelationship } of nodes) {
      const above = nodes.filter(({ contains }) => contains.includes(id)).map((parent) => parent.id);
      const sources = isRelationship ? [...above, ...refs] : above;
      const all = [tlps[id], given, ...sources.map((source) => tlps[source])];
      tlps[id] = STRICTEST_FIRST.find((tlp) => all.includes(tlp));
    }
  }
  return tlps;
}
