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

  it("writes shapes only where there are any", () => {
    expect(fill([item("indicator", 1)])[0]?.shapes).toBeNull();
    const shape = { id: "indicator--1", contains: [], refs: [] };
    expect(fill([item("indicator", 1)], shape)[0]?.shapes).toBe(JSON.stringify([shape]));
  });
});
