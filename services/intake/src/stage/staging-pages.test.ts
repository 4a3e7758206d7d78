import type { RecordOutcome } from "@suar/contract";
import { describe, expect, it } from "vitest";
import type { StagedPage } from "../store/staged.ts";
import type { StagedItem, StagedShape } from "./staged-item.ts";
import { StagingPages } from "./staging-pages.ts";

function item(type: string, n: number, record = n): StagedItem {
  const object = { type, id: `${type}--${n}` } as StagedItem["object"];
  return { record, at: "", object, generated: false, hash: "", keys: [], to: [] };
}

function fill(items: readonly StagedItem[], shape?: StagedShape): StagedPage[] {
  const pages = new StagingPages();
  const full = items.flatMap((one) => pages.add(one, shape) ?? []);
  const all = [...full, ...pages.rest()];
  expect(pages.count).toBe(all.length);
  return all;
}

const idsOf = ({ items }: StagedPage): string[] =>
  (JSON.parse(items) as StagedItem[]).map(({ object }) => object.id);

describe("StagingPages", () => {
  it("keeps each phase apart, in the order in which objects came", () => {
    const pages = fill([
      item("relationship", 1),
      item("indicator", 2),
      item("identity", 3),
      item("malware", 4),
    ]);
    const sorted = pages.toSorted((a, b) => a.phase - b.phase).map(idsOf);
    expect(sorted).toEqual([["identity--3"], ["indicator--2", "malware--4"], ["relationship--1"]]);
  });

  it("never has more on a page than one release takes, and loses nothing", () => {
    const items = Array.from({ length: 2_500 }, (_, n) => item("indicator", n));
    const pages = fill(items);
    expect(Math.max(...pages.map(({ objects }) => objects))).toBeLessThanOrEqual(1_000);
    expect(pages.flatMap(idsOf)).toEqual(items.map(({ object }) => object.id));
  });

  it("ends a page with a record", () => {
    const pages = fill(Array.from({ length: 2_000 }, (_, n) => item("indicator", n, Math.floor(n / 7))));
    const records = pages.map(
      ({ items }) => new Set((JSON.parse(items) as StagedItem[]).map((one) => one.record)),
    );
    expect(records[0]?.isDisjointFrom(records[1] ?? new Set())).toBe(true);
  });

  it("tears a record apart only when it is larger than a page", () => {
    const pages = fill(Array.from({ length: 1_500 }, (_, n) => item("indicator", n, 0)));
    expect(pages.map(({ objects }) => objects)).toEqual([1_000, 500]);
  });

  it("ends a portion with the unit that makes it long, and tells what follows of the names that it keeps", () => {
    const pages = new StagingPages();
    const named = (local: string, id: string): StagedShape => ({ id, local, contains: [], refs: [] });
    const before = Array.from({ length: 5_000 }, (_, n) => {
      expect(pages.isLong).toBe(false);
      return pages.add(item("indicator", n), named(`local-${n}`, `indicator--${n}`)) ?? [];
    }).flat();
    expect(pages.isLong).toBe(true);
    const first = [...before, ...pages.endPortion(["local-7", "nobody"], 12)];
    expect(first.reduce((sum, { objects }) => sum + objects, 0)).toBe(5_000);
    expect(first.every(({ portion, outcomes }) => portion === 0 && outcomes === 0)).toBe(true);
    expect(pages.isLong).toBe(false);
    pages.add(item("report", 1), named("r", "report--1"));
    const [second, ...others] = pages.rest();
    expect(others).toEqual([]);
    expect(second).toMatchObject({ portion: 1, outcomes: 12, objects: 1 });
    expect(JSON.parse(second?.shapes ?? "")).toEqual([
      named("r", "report--1"),
      { ...named("local-7", "indicator--7"), earlier: true },
    ]);
    expect(pages.portions).toBe(2);
  });

  it("takes what was rejected behind all else along, though nothing else is left", () => {
    const pages = new StagingPages();
    const alone = new StagingPages();
    alone.refuse({ id: "indicator--9", marking: { tlp: "amber" } });
    expect(alone.rest()).toEqual([]);
    pages.add(item("indicator", 1), undefined);
    pages.endPortion([], 1);
    expect(pages.portions).toBe(1);
    pages.refuse({ id: "indicator--9", marking: { tlp: "amber" } });
    const [last] = pages.rest();
    expect(last).toMatchObject({ portion: 1, objects: 0, items: "[]" });
    expect(JSON.parse(last?.shapes ?? "")).toEqual([
      { id: "indicator--9", tlp: "amber", contains: [], refs: [], refused: true },
    ]);
  });

  it("counts records of which nothing is released, and gives a portion of these alone a place", () => {
    const pages = new StagingPages();
    const rejected = (index: number): RecordOutcome => {
      return { index, at: "", outcome: "rejected", code: "bad-value", reason: "No address", ids: [] };
    };
    for (let n = 0; n < 5; n++) {
      expect(pages.isLong).toBe(false);
      pages.settled(Array.from({ length: 1_000 }, (_, at) => rejected(n * 1_000 + at)));
    }
    expect(pages.isLong).toBe(true);
    expect(pages.endPortion([], 5)).toMatchObject([{ portion: 0, objects: 0, outcomes: 0, items: "[]" }]);
    expect(pages.isLong).toBe(false);
    pages.settled([rejected(5_000)]);
    expect(pages.rest()).toMatchObject([{ portion: 1, objects: 0, outcomes: 5, items: "[]" }]);
    expect(pages.portions).toBe(2);
  });

  it("counts what is known of rejected objects by its length", () => {
    const pages = new StagingPages();
    const contains = Array.from({ length: 1_000 }, (_, n) => `indicator--${String(n).padStart(1_000, "0")}`);
    for (let n = 0; n < 16; n++) {
      expect(pages.isLong).toBe(false);
      pages.refuse({ id: `report--${n}`, contains: [...contains, "x".repeat(48 * 1_024)] });
    }
    expect(pages.isLong).toBe(true);
  });

  it("writes shapes only where there are any", () => {
    expect(fill([item("indicator", 1)])[0]?.shapes).toBeNull();
    const shape = { id: "indicator--1", contains: [], refs: [] };
    expect(fill([item("indicator", 1)], shape)[0]?.shapes).toBe(JSON.stringify([shape]));
  });
});
