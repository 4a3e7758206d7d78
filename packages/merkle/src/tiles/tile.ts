import { MerkleError } from "../error.ts";
import { HASH_SIZE, nodeHash } from "../hash.ts";
import { isSize } from "../tree/tree.ts";

/**
 * C2SP tlog-tiles: the tree cut into tiles of 256 hashes, a level of tiles for every eight levels of the tree. At
 * level 0 they are hashes of leaves; above, each is the root of a full tile below. A tile of fewer than 256
 * hashes stands at the right edge only, and its root stands in no other tile.
 */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

export type Tile = {
  /** 0 to 6: no tree of 2^53 leaves is higher. */
  readonly level: number;
  readonly n: number;
  /** 1 to 256. */
  readonly width: number;
};

/** `tile/<L>/<N>[.p/<W>]`: 1,234,067 is written `x001/x234/067`. */
export function tilePath({ level, n, width }: Tile): string {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/** The tile of a path; undefined for any other way to write it. */
export function parseTilePath(path: string): Tile | undefined {
  const parts = /^tile\/([0-9]|[1-5][0-9]|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(
    path,
  );
  if (parts === null) return undefined;
  const tile = {
    level: Number(parts[1]),
    n: Number(parts[2]?.replaceAll(/[x/]/g, "")),
    width: parts[3] === undefined ? TILE_WIDTH : Number(parts[3]),
  };
  return isSize(tile.n) && tile.width <= TILE_WIDTH && tilePath(tile) === path ? tile : undefined;
}

/** How many hashes there are at a level of tiles: floor(size / 256^level). */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How many hashes a tree of this size has of a tile: 0 where it has none of it. */
export function tileWidth(level: number, n: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAt(level, size) - n * TILE_WIDTH));
}

/** The partial tiles at the right edge of a tree, by level; none at levels that end with a full tile. */
export function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const hashes = hashesAt(level, size);
    const n = Math.floor(hashes / TILE_WIDTH);
    if (hashes % TILE_WIDTH > 0) tiles.push({ level, n, width: hashes % TILE_WIDTH });
  }
  return tiles;
}

/** The first hashes of a tile, of what was read for it: a full tile may be read in place of a partial one. */
export function hashesOf({ level, n, width }: Tile, bytes: Uint8Array): Uint8Array[] {
  const size = bytes.length / HASH_SIZE;
  if (!Number.isInteger(size) || size < width || size > TILE_WIDTH)
    throw new MerkleError("bad-tile", `tile ${level}/${n} has no ${width} hashes`);
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE));
}

/** The root over 2^k hashes. */
export function perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, at) =>
      nodeHash(pick(level, 2 * at), pick(level, 2 * at + 1)),
    );
  return pick(level, 0);
}

function pick(hashes: readonly Uint8Array[], at: number): Uint8Array {
  const hash = hashes[at];
  if (hash === undefined) throw new MerkleError("bad-hash", "there is no such hash");
  return hash;
}
