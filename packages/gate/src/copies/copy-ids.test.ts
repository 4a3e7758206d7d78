import { createHash } from "node:crypto";
import { joinOutcomes, PUBLIC } from "@suar/policy";
import { describe, expect, it } from "vitest";
import { copyIds, viewHash } from "./copy-ids.ts";

const ORIGINAL = "indicator--00000000-0000-4000-8000-000000000001";
const keyed = (key: string) => {
  const mac = (text: string) => createHash("sha256").update(`${key} ${text}`).digest("hex");
  return { copyTag: mac, renditionMac: mac };
};
const gate = keyed("k");
const NONE = { earlier: [], taken: new Set<string>() };
const idsOf = (
  copies: { readers: number[]; view: string }[],
  known: Parameters<typeof copyIds>[3] = NONE,
  by = gate,
) => copyIds(by, { id: ORIGINAL, producer: 1 }, copies, known);

describe("the ids of copies", () => {
  it("are made of the view under a key: who else reads it plays no part", () => {
    const [alone] = idsOf([{ readers: [2], view: "a" }]);
    expect(idsOf([{ readers: [2, 3, 4], view: "a" }])).toEqual([alone]);
    expect(idsOf([{ readers: [2], view: "a" }], NONE, keyed("other"))).not.toEqual([alone]);
    expect(alone).toMatch(/^indicator--[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it("differ from copy to copy, also where one comes as its readers know it", () => {
    const [a = "", b] = idsOf([
      { readers: [2], view: "a" },
      { readers: [3], view: "b" },
    ]);
    expect(b).not.toBe(a);
    // The readers of "a" have "b" now; those of "b" what was "a", which is theirs under another id then.
    const earlier = [{ id: a, readers: [2] }];
    const [next, other] = idsOf(
      [
        { readers: [2], view: "b" },
        { readers: [3], view: "a" },
      ],
      { earlier, taken: new Set() },
    );
    expect(next).toBe(a);
    expect(other).not.toBe(a);
  });

  it("stay those that most of a copy's readers know, and are none that this version bears already", () => {
    const earlier = [{ id: "indicator--x", readers: [2, 3] }];
    const copies = [
      { readers: [2], view: "a" },
      { readers: [3, 4, 5], view: "b" },
    ];
    expect(idsOf(copies, { earlier, taken: new Set() })[0]).toBe("indicator--x");
    expect(idsOf(copies, { earlier, taken: new Set(["indicator--x"]) })).not.toContain("indicator--x");
    const [made = ""] = idsOf([{ readers: [2], view: "a" }]);
    expect(idsOf([{ readers: [2], view: "a" }], { earlier: [], taken: new Set([made]) })).not.toContain(made);
  });

  it("are for others what they would be if there were no public", () => {
    const alone = [PUBLIC.id];
    const earlier = [
      { id: "indicator--public", readers: alone },
      { id: "indicator--x", readers: [...alone, 3] },
    ];
    const withPublic = idsOf(
      [
        { readers: [...alone, 2], view: "a" },
        { readers: [3, 4], view: "b" },
      ],
      { earlier, taken: new Set() },
    );
    const copies = [
      { readers: [2], view: "a" },
      { readers: [3, 4], view: "b" },
    ];
    const known = { earlier: [{ id: "indicator--x", readers: [3] }], taken: new Set<string>() };
    expect(withPublic).toEqual(idsOf(copies, known));
    // What is its own it keeps, under ids that nobody else's copy ever gets.
    expect(idsOf([{ readers: alone, view: "a" }], { earlier, taken: new Set() })).toEqual([
      "indicator--public",
    ]);
    expect(idsOf([{ readers: alone, view: "a" }])).not.toEqual(idsOf([{ readers: [2], view: "a" }]));
  });
});

describe("the hash of a view", () => {
  const outcome = joinOutcomes();
  const view = (renames: [string, string | undefined][]) => ({
    redactions: [],
    renames: new Map(renames),
    outcome,
    victims: undefined,
  });

  it("is that of what is left out and renamed, in whatever order, under a key", () => {
    const one: [string, string | undefined] = ["a--1", undefined];
    const other: [string, string | undefined] = ["b--1", "b--2"];
    expect(viewHash(gate, view([one, other]))).toBe(viewHash(gate, view([other, one])));
    expect(viewHash(gate, view([one]))).not.toBe(viewHash(gate, view([other])));
    expect(viewHash(keyed("other"), view([one]))).not.toBe(viewHash(gate, view([one])));
    const victims = { names: new Set(["ipv4:203.0.113.7"]), named: new Set<string>() };
    expect(viewHash(gate, { ...view([one]), victims })).not.toBe(viewHash(gate, view([one])));
    const itself = { names: new Set(["ipv4-addr--1"]), named: new Set<string>() };
    expect(viewHash(gate, { ...view([one]), victims: itself })).toBe(viewHash(gate, view([one])));
  });
});
