import type { Organisation } from "@suar/policy";
import { type Queryable, seedPolicies } from "@suar/runtime";
import { expect, test } from "vitest";
import { type PlannedItem, planReaders } from "./plan-readers.ts";

const organisations = ["SG", "MY", "TH"].map(
  (code, index): Organisation => ({ id: index + 1, code, member: code, kind: "cert" }),
);
const producer = organisations[0] as Organisation;
const nothingStated: Queryable = {
  query: async () => ({ rows: [] }),
} as unknown as Queryable;

const id = (n: number) => `grouping--${n}`;
function item(
  n: number,
  tlp: "green" | "amber+strict",
  names: number[] = [],
  to: string[] = [],
): PlannedItem {
  const facts = { type: "grouping", contentClass: "advisory" as const, findings: [] };
  return { id: id(n), facts, tlp, pap: undefined, to, names: names.map(id) };
}
const plan = async (items: PlannedItem[], ...refused: number[]) =>
  Object.fromEntries(
    await planReaders(
      nothingStated,
      {
        producer,
        organisations,
        policies: seedPolicies(),
        now: Date.now(),
        word: "",
        submissionId: null,
        receivedAt: "",
      },
      items,
      refused.map(id),
    ),
  );

test("an object is whole for those who have whole what it names, through any depth and in any order", async () => {
  const items = [item(1, "green", [2]), item(2, "green", [3]), item(3, "amber+strict", [], ["MY"])];
  const expected = { [id(1)]: [1, 2], [id(2)]: [1, 2], [id(3)]: [1, 2] };
  expect(await plan(items)).toEqual(expected);
  expect(await plan(items.toReversed())).toEqual(expected);
});

test("objects that name each other are whole for those who may have both", async () => {
  expect(await plan([item(1, "green", [2]), item(2, "green", [1])])).toEqual({
    [id(1)]: [1, 2, 3],
    [id(2)]: [1, 2, 3],
  });
  const narrow = [item(1, "green", [2]), item(2, "green", [1, 3]), item(3, "amber+strict", [], ["TH"])];
  expect(await plan(narrow)).toMatchObject({ [id(1)]: [1, 3], [id(2)]: [1, 3] });
});

test("what is refused is its producer's alone, and so is the whole of what names it", async () => {
  expect(await plan([item(1, "green", [2])], 2)).toEqual({ [id(1)]: [1], [id(2)]: [1] });
});

test("of one id stated twice, those may know who may have both", async () => {
  const twice = [item(1, "green"), item(1, "amber+strict", [], ["MY"])];
  expect(await plan(twice)).toEqual({ [id(1)]: [1, 2] });
});
