import { type FullTile, type GrowingTree, hashesAt, TILE_WIDTH } from "@suar/merkle";
import type { HeldTile } from "../store/tree.ts";

/** The tiles above the leaves that a growing tree has changed: those that were filled, and those at its edge. */
export function grownTiles(before: GrowingTree, after: GrowingTree, full: readonly FullTile[]): HeldTile[] {
  const edge = after.partial.flatMap((bytes, level) => {
    const isSame = hashesAt(level, after.size) === hashesAt(level, before.size);
    if (isSame || bytes.length === 0) return [];
    return [{ level, n: Math.floor(hashesAt(level, after.size) / TILE_WIDTH), bytes }];
  });
  // Those of level 0 are a column of the log.
  return [...full, ...edge].filter(({ level }) => level > 0);
}
