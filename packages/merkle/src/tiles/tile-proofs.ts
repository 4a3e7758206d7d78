import { MerkleError } from "../error.ts";
import { nodeHash } from "../hash.ts";
import { consistencyRanges, inclusionRanges, type Range } from "../tree/range.ts";
import { isSize, splitOf } from "../tree/tree.ts";
import { hashesOf, perfectRoot, TILE_HEIGHT, TILE_WIDTH, type Tile, tileWidth } from "./tile.ts";

/** Gives a tile's hashes, 32 bytes each: at least as many as its width asks for. */
export type ReadTile = (tile: Tile) => Uint8Array | Promise<Uint8Array>;

/** PATH(index, leaves[0..size)) out of the tiles that hold it: three for a million leaves, none read twice. */
export async function inclusionFromTiles(
  size: number,
  index: number,
  readTile: ReadTile,
): Promise<Uint8Array[]> {
  return await rootsFromTiles(size, rangesOfInclusion(size, index), readTile);
}

/** PROOF(from, leaves[0..to)) out of tiles; empty from no leaves, and between equal sizes. */
export async function consistencyFromTiles(
  from: number,
  to: number,
  readTile: ReadTile,
): Promise<Uint8Array[]> {
  return await rootsFromTiles(to, rangesOfConsistency(from, to), readTile);
}

/** MTH(leaves[0..size)) out of tiles; the size is above 0. */
export async function rootFromTiles(size: number, readTile: ReadTile): Promise<Uint8Array> {
  if (!isSize(size) || size === 0) throw new MerkleError("out-of-range", "no leaves have no tiles");
  const [root] = await rootsFromTiles(size, [{ start: 0, end: size }], readTile);
  if (root === undefined) throw new MerkleError("bad-tile", "no root came of the tiles");
  return root;
}

/** What `inclusionFromTiles` will read, for those who fetch all of it in one go. */
export function tilesOfInclusion(size: number, index: number): Tile[] {
  return [...tilesOf(size, rangesOfInclusion(size, index)).values()];
}

/** What `consistencyFromTiles` will read. */
export function tilesOfConsistency(from: number, to: number): Tile[] {
  return [...tilesOf(to, rangesOfConsistency(from, to)).values()];
}

function rangesOfInclusion(size: number, index: number): Range[] {
  if (!isSize(size) || !isSize(index) || index >= size)
    throw new MerkleError("out-of-range", `no leaf ${index}`);
  return inclusionRanges(size, index);
}

function rangesOfConsistency(from: number, to: number): Range[] {
  if (!isSize(from) || !isSize(to) || from > to)
    throw new MerkleError("out-of-range", `no logs of ${from} and ${to} leaves`);
  return consistencyRanges(from, to);
}

/** A perfect subtree of 2^height leaves; the `at`-th of them. It lies within one tile. */
type Perfect = { height: number; at: number };

async function rootsFromTiles(
  size: number,
  ranges: readonly Range[],
  readTile: ReadTile,
): Promise<Uint8Array[]> {
  const tiles = tilesOf(size, ranges);
  const read = await Promise.all(
    [...tiles].map(async ([key, tile]) => [key, hashesOf(tile, await readTile(tile))] as const),
  );
  const hashes = new Map(read);
  return ranges.map((range) => {
    const roots = perfectsOf(range).map((perfect) => perfectFrom(hashes, perfect));
    return roots.reduceRight((right, left) => nodeHash(left, right));
  });
}

function tilesOf(size: number, ranges: readonly Range[]): Map<string, Tile> {
  const tiles = new Map<string, Tile>();
  for (const perfect of ranges.flatMap(perfectsOf)) {
    const { level, n } = placeOf(perfect);
    tiles.set(`${level}/${n}`, { level, n, width: tileWidth(level, n, size) });
  }
  return tiles;
}

/** A range of a proof begins at a multiple of the power of two that is not below its length. */
function perfectsOf({ start, end }: Range): Perfect[] {
  const perfects: Perfect[] = [];
  for (let from = start; from < end; ) {
    const length = end - from;
    const split = splitOf(length);
    const taken = split * 2 === length || length === 1 ? length : split;
    perfects.push({ height: Math.log2(taken), at: from / taken });
    from += taken;
  }
  return perfects;
}

/** Where in the tiles a subtree's root is, or the hashes that it is made of. */
function placeOf({ height, at }: Perfect): { level: number; n: number; first: number; count: number } {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height - level * TILE_HEIGHT);
  const first = at * count;
  return { level, n: Math.floor(first / TILE_WIDTH), first: first % TILE_WIDTH, count };
}

function perfectFrom(tiles: ReadonlyMap<string, readonly Uint8Array[]>, perfect: Perfect): Uint8Array {
  const { level, n, first, count } = placeOf(perfect);
  const hashes = tiles.get(`${level}/${n}`)?.slice(first, first + count);
  if (hashes?.length !== count) throw new MerkleError("bad-tile", `tile ${level}/${n} is too narrow`);
  return perfectRoot(hashes);
}
