import { type GrowingTree, growingTree, partialTiles, type ReadTile, type Tile } from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import { selectTile } from "../store/tree.ts";

/** Reads tiles one after the other, since a client of a transaction does one thing at a time. */
export function tileReader(db: Queryable): ReadTile {
  let reading: Promise<unknown> = Promise.resolve();
  return async (tile) => {
    const read = reading.then(async () => await selectTile(db, tile));
    reading = read.catch(() => undefined); // who asked is told
    return await read;
  };
}

/** The tree over the first leaves as one that goes on growing: at most one tile of each level is read. */
export async function readGrowingTree(db: Queryable, size: number): Promise<GrowingTree> {
  const tiles = new Map<string, Buffer>();
  for (const tile of partialTiles(size)) tiles.set(keyOf(tile), await selectTile(db, tile));
  return growingTree(size, (tile) => tiles.get(keyOf(tile)) ?? new Uint8Array());
}

function keyOf({ level, n }: Tile): string {
  return `${level}/${n}`;
}
