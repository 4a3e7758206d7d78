import { createHash } from "node:crypto";
import { loadPolicySet } from "@suar/policy";
import { expect, test } from "vitest";
import type { JudgeContext, ReleaseItem } from "../context/release-item.ts";
import { sortItems } from "./sort-items.ts";

const context: JudgeContext = {
  producer: { id: 1, code: "SG", member: "SG", kind: "cert" },
  organisations: [],
  policies: loadPolicySet([]),
  now: Date.now(),
  word: "person:1",
  submissionId: "s",
  receivedAt: "2027-01-01T00:00:10.000Z",
};

function item(content: string, more: Partial<ReleaseItem> = {}): ReleaseItem {
  return {
    kind: "released",
    object: { type: "indicator", id: "indicator--1", modified: "2027-01-01T00:00:00.000Z" },
    tlp: "amber",
    pap: undefined,
    to: ["MY"],
    contentHash: createHash("sha256").update(content).digest(),
    generated: true,
    keys: [],
    ...more,
  };
}

test("the same said to others too is one version for both", () => {
  const [first, second] = [item("a"), item("a", { to: ["TH"] })];
  const { outcomes, stated } = sortItems([first, second], new Map(), context);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["accepted", "merged"]);
  expect(stated).toMatchObject([{ kind: "fresh", item: first, also: [second] }]);
});

test("other words or another marking for the same are kept out, not shared under it", () => {
  for (const other of [item("b", { to: ["TH"] }), item("a", { tlp: "green", to: [] })]) {
    const { outcomes, stated, kept } = sortItems([item("a"), other], new Map(), context);
    expect(outcomes[1]).toMatchObject({ outcome: "merged", code: "first-kept" });
    expect(stated).toHaveLength(1);
    expect(stated[0]).toMatchObject({ also: [] });
    expect(kept).toHaveLength(1);
  }
});

test("a version that moves created is taken, and told; one that Suar generated never does", () => {
  const version = (day: string, generated: boolean): ReleaseItem => {
    const at = `2027-01-${day}T00:00:00.000Z`;
    const object = { type: "indicator", id: "indicator--1", created: at, modified: at };
    return item(day, { object, generated });
  };
  const outcomesOf = (all: ReleaseItem[]) => sortItems(all, new Map(), context).outcomes;
  expect(outcomesOf([version("01", false), version("02", false)])).toMatchObject([
    { outcome: "accepted" },
    { outcome: "accepted", code: "created-differs" },
  ]);
  expect(outcomesOf([version("01", true), version("02", false)])[1]).toEqual({
    outcome: "accepted",
    id: "indicator--1",
  });
});
