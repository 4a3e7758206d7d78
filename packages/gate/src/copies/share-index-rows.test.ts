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
    ["a b", 1, null],
    [null, 0, null],
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

test("whoever has other words keeps its text; equal texts are kept once", () => {
  const of = (...texts: string[]) => {
    const all = texts.map((text, n) => rendition(n, text));
    shareIndexRows(all);
    return all.map(({ words, also, ownWords }) => [words, also, ownWords]);
  };
  expect(of("by a@b.example here", "by [email removed] here", "by a*** here")).toEqual([
    ["by a@b.example here", 0, null],
    [null, 0, "by [email removed] here"],
    [null, 0, "by a*** here"],
  ]);
  expect(of("a", "b", "a")).toEqual([
    ["a", 2, null],
    [null, 0, "b"],
    [null, 0, null],
  ]);
});

test("a search finds each text with its own words, wherever they are kept", () => {
  const text = fc.constantFrom(null, "a", "b", "a b");
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), (texts) => {
      const all = texts.map((words, n) => rendition(n, words));
      shareIndexRows(all);
      // As `entries_with_words` looks for them (0018_search.sql).
      const found = all.map(({ id, words, ownWords }) => {
        const head = all.find((one) => one.id <= id && one.words !== null && one.id + one.also >= id);
        return ownWords ?? words ?? head?.words ?? null;
      });
      expect(found).toEqual(texts);
    }),
  );
});
