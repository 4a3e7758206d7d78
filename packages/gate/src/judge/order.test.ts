import { expect, test } from "vitest";
import type { ReleaseItem } from "../context/release-item.ts";
import { Names } from "./names.ts";
import { referencedFirst } from "./order.ts";

const id = (n: number) => `grouping--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

function item(n: number, ...refs: number[]): { item: ReleaseItem } {
  return {
    item: { object: { type: "grouping", id: id(n), object_refs: refs.map(id) } } as unknown as ReleaseItem,
  };
}
const order = (all: readonly { item: ReleaseItem }[]) =>
  referencedFirst(all, new Names(all.map(({ item: { object } }) => object))).map(({ item: { object } }) =>
    Number(object.id.slice(-12)),
  );

test("what is named comes before what names it, else the order stays", () => {
  expect(order([item(3), item(1), item(2)])).toEqual([3, 1, 2]);
  expect(order([item(1, 2, 4), item(2, 3), item(3), item(4)])).toEqual([3, 2, 4, 1]);
  expect(order([item(1, 9), item(2, 1)])).toEqual([1, 2]);
});

test("circles end, each comes once, and both of one id come", () => {
  expect(order([item(1, 2), item(2, 1), item(3, 3)])).toEqual([2, 1, 3]);
  expect(order([item(2, 1), item(1), item(1)])).toEqual([1, 1, 2]);
});

test("a chain may be as long as a submission", () => {
  const chain = Array.from({ length: 50_000 }, (_, n) => item(n, n + 1));
  expect(order(chain)[0]).toBe(49_999);
});
