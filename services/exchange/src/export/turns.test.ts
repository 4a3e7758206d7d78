import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("so many work at once, the others in order, also after one that failed", async () => {
  const turns = new Turns(2);
  const ends: (() => void)[] = [];
  const began: number[] = [];
  const work = (n: number) =>
    turns.take(async () => {
      began.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (n === 0) throw new Error("broke off");
      return n;
    });
  const all = Promise.allSettled([0, 1, 2, 3, 4].map(work));
  const soon = () => new Promise((resolve) => setImmediate(resolve));
  await soon();
  expect(began).toEqual([0, 1]);
  ends[0]?.();
  await soon();
  expect(began).toEqual([0, 1, 2]);
  for (let n = 1; n < 5; n++) {
    ends[n]?.();
    await soon();
  }
  const settled = await all;
  expect(settled.map(({ status }) => status)).toEqual(["rejected", ...Array(4).fill("fulfilled")]);
  expect(began).toEqual([0, 1, 2, 3, 4]);
  expect(await turns.take(async () => "again")).toBe("again");
});
