import { expect, test } from "vitest";
import { shareIndexRows } from "./share-index-rows.ts";
import type { NewRendition } from "./store/release.ts";

function rendition(id: number, words: string | null, ...keys: string[]): NewRendition {
  return { id, words, also: 0, keys: keys.map((key) => ({ key, also: 0 })) } as unknown as NewRendition;
}

/** Which renditions the rows say that a value is in. */
function holders(
  renditions: readonly NewRendition[],
  of: (one: NewRendition) => { also: number } | undefined,
): number[] {
  return renditions.flatMap((one) => {
    const row = of(one);
    return row === undefined ? [] : Array.from({ length: row.also + 1 }, (_, n) => one.id + n);
  });
}

test("what neighbours have in common is one row; what one of them lacks does not find it", () => {
  const all = [rendition(5, "a b", "x", "y"), rendition(6, "a b", "x"), rendition(7, "a", "x", "y")];
  shareIndexRows(all);
  expect(all.map(({ words, also }) => [words, also])).toEqual([
    ["a b", 1],
    [null, 0],
    ["a", 0],
  ]);
  const keyed = (key: string) => holders(all, ({ keys }) => keys.find((one) => one.key === key));
  expect([keyed("x"), keyed("y")]).toEqual([
    [5, 6, 7],
    [5, 7],
  ]);
  expect(all.flatMap(({ keys }) => keys)).toHaveLength(3);
});

test("ids that do not follow one another share nothing, nor do renditions without words", () => {
  const all = [rendition(999, "a", "x"), rendition(2000, "a", "x"), rendition(2001, null)];
  shareIndexRows(all);
  expect(all.map(({ words, also, keys }) => [words, also, keys.length])).toEqual([
    ["a", 0, 1],
    ["a", 0, 1],
    [null, 0, 0],
  ]);
});
