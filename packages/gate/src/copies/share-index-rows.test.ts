import fc from "fast-check";
import { expect, test } from "vitest";
import type { NewRendition } from "../store/release.ts";
import { shareIndexRows } from "./share-index-rows.ts";

function rendition(id: number, words: string | null, ...keys: string[]): NewRendition {
  return {
    id,
    words,
    also: 0,
    ownWords: null,
    keys: keys.map((key) => ({ key, also: 0, audienceId: id })),
  } as unknown as NewRendition;
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
  expect(all.map(({ words, also, ownWords }) => [words, also, ownWords])).toEqual([
    ["a b a", 2, "a b"],
    [null, 0, "a b"],
    [null, 0, "a"],
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

test("a row of words has those of all that it stands for; equal texts are kept once", () => {
  const of = (...texts: string[]) => {
    const all = texts.map((text, n) => rendition(n, text));
    shareIndexRows(all);
    return all.map(({ words, also, ownWords }) => [words, also, ownWords]);
  };
  expect(of("by a@b.example here", "by [email removed] here", "by a*** here")).toEqual([
    ["by a@b.example here [email removed] a***", 2, "by a@b.example here"],
    [null, 0, "by [email removed] here"],
    [null, 0, "by a*** here"],
  ]);
  expect(of("x-a1 of y", "x-b2 of y").map(([words]) => words)).toEqual(["x-a1 of y x-b2", null]);
  expect(of("a a b", "a b").map(([words]) => words)).toEqual(["a a b b", null]);
  expect(of("a b", "a").map(([words]) => words)).toEqual(["a b a", null]);
  expect(of("a b", "a b")).toEqual([
    ["a b", 1, null],
    [null, 0, null],
  ]);
});

test("texts that may hold tags are taken whole, and what would grow too large is not shared", () => {
  const tagged = [rendition(1, "see <a b c> d"), rendition(2, "see <a [x] c> d")];
  shareIndexRows(tagged);
  expect(tagged.map(({ words }) => words)).toEqual(["see <a b c> d\nsee <a [x] c> d", null]);
  const large = Array.from({ length: 4 }, (_, n) => rendition(n, `${"<".repeat(19_999)}${n}`));
  shareIndexRows(large);
  expect(large.map(({ also, ownWords }) => [also, ownWords])).toEqual(large.map(() => [0, null]));
});

test("no word of any text is missing in the row", () => {
  const text = fc.array(fc.constantFrom("a", "bb", "a-b", "c.d", "[x y]", "  ", "\n"), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (lists) => {
      const texts = lists.map((words) => `${words.join(" ")} z`);
      const all = texts.map((words, n) => rendition(n, words));
      shareIndexRows(all);
      const row = new Set(all[0]?.words?.split(/\s+/));
      for (const word of texts.flatMap((words) => words.split(/\s+/)).filter(Boolean))
        expect(row.has(word), word).toBe(true);
    }),
  );
});
