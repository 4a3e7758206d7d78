import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MerkleError } from "../error.ts";
import { leafHash } from "../hash.ts";
import { consistencyProof, verifyConsistency } from "../tree/consistency.ts";
import { emptyFrontier, rootOf } from "../tree/frontier.ts";
import { inclusionProof, verifyInclusion } from "../tree/inclusion.ts";
import { rootOfLeaves } from "../tree/tree.ts";
import { type GrowingTree, growingTree, growTree } from "./grow-tree.ts";
import { parseTilePath, partialTiles, type Tile, tilePath, tileWidth } from "./tile.ts";
import {
  consistencyFromTiles,
  inclusionFromTiles,
  rootFromTiles,
  tilesOfConsistency,
  tilesOfInclusion,
} from "./tile-proofs.ts";

const LEAVES = Array.from({ length: 70_000 }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));
const EMPTY: GrowingTree = { ...emptyFrontier(), partial: [] };

/** Every tile of the first leaves, straight from the specification's formula. */
function tilesOf(leaves: readonly Uint8Array[]): Map<string, Uint8Array> {
  const tiles = new Map<string, Uint8Array>();
  for (let hashes = [...leaves], level = 0; hashes.length > 0; level++) {
    const roots: Uint8Array[] = [];
    for (let n = 0; n * 256 < hashes.length; n++) {
      const tile = hashes.slice(n * 256, n * 256 + 256);
      tiles.set(`${level}/${n}`, new Uint8Array(Buffer.concat(tile)));
      if (tile.length === 256) roots.push(rootOfLeaves(tile));
    }
    hashes = roots;
  }
  return tiles;
}

const ALL = tilesOf(LEAVES);
const read = ({ level, n }: Tile) => ALL.get(`${level}/${n}`) ?? new Uint8Array();
/** Only what a log of this size would serve. */
const readAt = (size: number) => {
  const tiles = tilesOf(LEAVES.slice(0, size));
  return ({ level, n, width }: Tile) => {
    const bytes = tiles.get(`${level}/${n}`) ?? new Uint8Array();
    expect(bytes.length).toBe(width * 32);
    return bytes;
  };
};
const codeOf = async (act: () => unknown) => {
  try {
    return await act();
  } catch (error) {
    return error instanceof MerkleError && error.code;
  }
};

describe("a tile's path", () => {
  it("is that of tlog-tiles", () => {
    expect(tilePath({ level: 0, n: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
    expect(tilePath({ level: 3, n: 0, width: 7 })).toBe("tile/3/000.p/7");
    expect(tilePath({ level: 1, n: 1000, width: 255 })).toBe("tile/1/x001/000.p/255");
  });

  it("is read back, and has one spelling", () => {
    const any = fc.record({
      level: fc.nat(63),
      n: fc.nat(2 ** 31 - 1),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(any, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
    const bad = [
      "",
      "tile/0/0",
      "tile/00/000",
      "tile/64/000",
      "tile/0/x000/001",
      "tile/0/000.p/0",
      "tile/0/000.p/256",
      "tile/0/000.p/01",
      "tile/0/001/000",
      "tile/0/000/",
      "/tile/0/000",
      "tile/0/../000",
      `tile/0/${"x999/".repeat(6)}999`,
    ];
    for (const path of bad) expect(parseTilePath(path), path).toBeUndefined();
  });

  it("70,000 leaves have the partial tiles that the specification counts", () => {
    expect(partialTiles(70_000)).toEqual([
      { level: 0, n: 273, width: 112 },
      { level: 1, n: 1, width: 17 },
      { level: 2, n: 0, width: 1 },
    ]);
    expect(tileWidth(0, 272, 70_000)).toBe(256);
    expect(tileWidth(0, 274, 70_000)).toBe(0);
    expect(partialTiles(256)).toEqual([{ level: 1, n: 0, width: 1 }]);
    expect(partialTiles(0)).toEqual([]);
  });
});

describe("proofs out of tiles", () => {
  it("are those that are made of all leaves, for every leaf and pair of sizes of small logs", async () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      const at = readAt(size);
      const leaves = LEAVES.slice(0, size);
      for (let index = 0; index < size; index++)
        expect(await inclusionFromTiles(size, index, at)).toEqual(inclusionProof(leaves, index));
      for (let from = 0; from <= size; from++)
        expect(await consistencyFromTiles(from, size, at)).toEqual(consistencyProof(leaves, from, size));
    }
  });

  it("verify at any size, and read but the tiles that they name, a few", async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 70_000 }), fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, first, second]) => {
        const seen: Tile[] = [];
        const at = (tile: Tile) => {
          seen.push(tile);
          return read(tile).subarray(0, tile.width * 32);
        };
        const root = rootOf(growTree(EMPTY, LEAVES.slice(0, size)).tree);
        const index = first % size;
        const proof = await inclusionFromTiles(size, index, at);
        expect(verifyInclusion(LEAVES[index]!, index, size, proof, root)).toBe(true);
        expect(seen).toEqual(tilesOfInclusion(size, index));
        expect(seen.length).toBeLessThanOrEqual(5);
        seen.length = 0;
        const from = second % (size + 1);
        const oldRoot = rootOf(growTree(EMPTY, LEAVES.slice(0, from)).tree);
        const consistency = await consistencyFromTiles(from, size, at);
        expect(verifyConsistency(from, size, consistency, oldRoot, root)).toBe(true);
        expect(seen).toEqual(tilesOfConsistency(from, size));
        expect(seen.length).toBeLessThanOrEqual(6);
        expect(await rootFromTiles(size, at)).toEqual(root);
      }),
      { numRuns: 12 },
    );
  });

  it("are refused out of tiles that are too narrow, too wide or crooked, and out of range", async () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(31), new Uint8Array(32 * 257)])
      expect(await codeOf(() => inclusionFromTiles(300, 5, () => bytes))).toBe("bad-tile");
    expect(await codeOf(() => inclusionFromTiles(3, 3, read))).toBe("out-of-range");
    expect(await codeOf(() => consistencyFromTiles(4, 3, read))).toBe("out-of-range");
    expect(await codeOf(() => rootFromTiles(0, read))).toBe("out-of-range");
  });
});

describe("a growing tree", () => {
  it("fills the tiles of the specification, however its leaves are cut, and has the root of all of them", () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(cuts, (counts) => {
        let tree = EMPTY;
        const full = new Map<string, Uint8Array>();
        for (const count of counts) {
          const grown = growTree(tree, LEAVES.slice(tree.size, tree.size + count));
          tree = grown.tree;
          for (const { level, n, bytes } of grown.tiles) {
            expect(full.has(`${level}/${n}`)).toBe(false);
            full.set(`${level}/${n}`, bytes);
          }
        }
        const whole = tilesOf(LEAVES.slice(0, tree.size));
        for (const { level, n, width } of partialTiles(tree.size)) {
          expect(tree.partial[level]).toEqual(whole.get(`${level}/${n}`)?.slice(0, width * 32));
          whole.delete(`${level}/${n}`);
        }
        expect(full).toEqual(whole);
      }),
      { numRuns: 15 },
    );
    const { tree } = growTree(EMPTY, LEAVES.slice(0, 1_000));
    expect(rootOf(tree)).toEqual(rootOfLeaves(LEAVES.slice(0, 1_000)));
  });

  it("fills a tile of level 1 with the last leaf of its last tile", () => {
    const { tree, tiles } = growTree(
      growTree(EMPTY, LEAVES.slice(0, 65_535)).tree,
      LEAVES.slice(65_535, 65_536),
    );
    expect(tiles.map(({ level, n }) => `${level}/${n}`)).toEqual(["0/255", "1/0"]);
    expect(tiles[1]?.bytes).toEqual(ALL.get("1/0"));
    expect(tree.partial.map(({ length }) => length)).toEqual([0, 0, 32]);
    expect(rootOf(tree)).toEqual(tree.partial[2]);
  });

  it("goes on from the tiles that were kept of it", () => {
    for (const size of [0, 1, 255, 256, 257, 512, 65_536, 69_999]) {
      const kept = growingTree(size, read);
      const { tree } = growTree(EMPTY, LEAVES.slice(0, size));
      expect(kept.hashes).toEqual(tree.hashes);
      expect(growTree(kept, LEAVES.slice(size, size + 300))).toEqual(
        growTree(tree, LEAVES.slice(size, size + 300)),
      );
    }
  });

  it("does not change the tree that it grew from, and refuses an edge that is none of its size", async () => {
    const { tree } = growTree(EMPTY, LEAVES.slice(0, 300));
    const before = structuredClone(tree);
    growTree(tree, LEAVES.slice(300, 600));
    expect(tree).toEqual(before);
    expect(await codeOf(() => growTree({ ...tree, partial: [] }, []))).toBe("bad-frontier");
    expect(await codeOf(() => growTree(tree, [new Uint8Array(31)]))).toBe("bad-hash");
  });
});
