import { createHash } from "node:crypto";
import { loadPolicySet } from "@suar/policy";
import { expect, test } from "vitest";
import type { JudgeContext, ReleaseItem } from "../context/release-item.ts";
import { sortRed } from "./sort-red.ts";

const context: JudgeContext = {
  producer: { id: 1, code: "SG", member: "SG", kind: "cert" },
  organisations: [],
  policies: loadPolicySet([]),
  now: Date.now(),
  word: "",
  submissionId: "5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701",
  receivedAt: "2026-03-01T08:00:00.000Z",
};

const AT = "2026-01-05T08:00:00.000Z";

function item(content: string, more: Partial<ReleaseItem> = {}): ReleaseItem {
  const id = "note--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
  return {
    kind: "released",
    object: {
      type: "note",
      spec_version: "2.1",
      id,
      created: AT,
      modified: AT,
      content,
    } as ReleaseItem["object"],
    tlp: "red",
    pap: undefined,
    to: [],
    contentHash: createHash("sha256").update(content).digest(),
    generated: false,
    keys: [],
    ...more,
  };
}

const outcomes = (items: readonly ReleaseItem[]) =>
  sortRed(items, context).outcomes.map((one) => [one.outcome, "code" in one ? one.code : undefined]);

test("takes each once, and refuses other content under the same version", () => {
  expect(outcomes([item("a"), item("a"), item("b")])).toEqual([
    ["accepted", undefined],
    ["merged", undefined],
    ["rejected", "same-version-differs"],
  ]);
});

test("keeps the first of what Suar generated for one value", () => {
  const [a, b] = [item("a", { generated: true }), item("b", { generated: true })];
  expect(outcomes([a, b])).toEqual([
    ["accepted", undefined],
    ["merged", "first-kept"],
  ]);
  expect(sortRed([a, b], context).stated.map(({ index }) => index)).toEqual([0]);
});

test("what Suar generated is the same whenever it is said, and what has a version of its own is not", () => {
  const later = { ...context, receivedAt: "2026-04-01T08:00:00.000Z" };
  const saidIn = (at: JudgeContext, one: ReleaseItem): string | undefined =>
    sortRed([one], at).stated[0]?.said.toString("hex");
  const generated = item("a", { generated: true });
  expect(saidIn(later, generated)).toBe(saidIn(context, generated));
  const next = item("a");
  next.object = { ...next.object, modified: "2026-01-06T08:00:00.000Z" };
  expect(saidIn(context, next)).not.toBe(saidIn(context, item("a")));
  expect(saidIn(context, item("b"))).not.toBe(saidIn(context, item("a")));
});

test("gives what Suar generated the times of this very submission", () => {
  const { object } = sortRed([item("a", { generated: true })], context).stated[0] ?? {};
  expect(object?.modified).toMatch(/^2026-03-01T08:00:00/);
});

test("refuses a modified that has no order", () => {
  const late = item("a");
  late.object = { ...late.object, modified: "9999-12-31T23:59:59.999Z" };
  expect(outcomes([late])).toEqual([["rejected", "modified-out-of-range"]]);
});
