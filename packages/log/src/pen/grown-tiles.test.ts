import { growingTree, growTree, leafHash, rootOfLeaves } from "@suar/merkle";
import { expect, it } from "vitest";
import { grownTiles } from "./grown-tiles.ts";

const leafOf = (n: number) => leafHash(Buffer.from(String(n)));
const leaves = Array.from({ length: 256 * 3 + 7 }, (_, n) => leafOf(n));

it("tells the tiles above the leaves as they stand after each stroke, whatever its length", () => {
  for (const length of [1, 100, 255, 256, 257, 700]) {
    const held = new Map<string, Uint8Array>();
    let tree = growingTree(0, () => new Uint8Array());
    for (let from = 0; from < leaves.length; from += length) {
      const grown = growTree(tree, leaves.slice(from, from + length));
      for (const { level, n, bytes } of grownTiles(tree, grown.tree, grown.tiles))
        held.set(`${level}/${n}`, bytes);
      tree = grown.tree;
    }
    const roots = [0, 1, 2].map((n) => rootOfLeaves(leaves.slice(n * 256, (n + 1) * 256)));
    expect([...held.keys()]).toEqual(["1/0"]);
    expect(Buffer.from(held.get("1/0") ?? [])).toEqual(Buffer.concat(roots));
  }
});

it("tells none while no tile below was filled", () => {
  const before = growTree(
    growingTree(0, () => new Uint8Array()),
    leaves.slice(0, 300),
  ).tree;
  const after = growTree(before, leaves.slice(300, 310));
  expect(grownTiles(before, after.tree, after.tiles)).toEqual([]);
});
