import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReadTile, TILE_WIDTH, tilePath } from "@suar/merkle";
import { UsageError } from "../shell/exit-codes.ts";

/** Tiles in a folder, under the paths of C2SP tlog-tiles; a full tile does for a partial one. */
export function tileFolder(folder: string): ReadTile {
  return async (tile) => {
    const paths = [tilePath(tile), tilePath({ ...tile, width: TILE_WIDTH })].map((path) =>
      join(folder, path),
    );
    for (const path of paths) {
      const bytes = await readIfThere(path);
      if (bytes !== undefined) return bytes;
    }
    throw new UsageError(`${folder} has no ${tilePath(tile)}`);
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
