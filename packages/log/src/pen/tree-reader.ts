import { type GrowingTree, growingTree, partialTiles, type ReadTile, type Tile } from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import { selectTiles } from "../store/tree.ts";

/**
 * Tiles that are asked for at once are read by one statement; what is asked for meanwhile comes with the next, since a client
 * of a transaction does one thing at a time.
 */
export function tileReader(db: Queryable): ReadTile {
  let asked: Tile[] = [];
  let reading: Promise<readonly Buffer[]> = Promise.resolve([]);
  const readAsked = async (): Promise<readonly Buffer[]> => {
    const tiles = asked;
    asked = [];
    return await selectTiles(db, tiles);
  };
  return async (tile) => {
    const at = asked.push(tile) - 1;
    if (at === 0) reading = reading.then(readAsked, readAsked); // who asked is told of a failure, and the next goes on
    return (await reading)[at] ?? new Uint8Array();
  };
}

/** The tree over the first leaves as one that goes on growing: at most one tile of each level is read. */
export async function readGrowingTree(db: Queryable, size: number): Promise<GrowingTree> {
  const partial = partialTiles(size);
  const read = await selectTiles(db, partial);
  const tiles = new Map(partial.map((tile, at) => [keyOf(tile), read[at]]));
  return growingTree(size, (tile) => tiles.get(keyOf(tile)) ?? new Uint8Array());
}

function keyOf({ level, n }: Tile): string {
  return `${level}/${n}`;
}
