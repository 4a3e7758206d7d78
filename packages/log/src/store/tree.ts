import type { Tile } from "@suar/merkle";
import { byteaColumn, type Queryable } from "@suar/runtime";

/** A tile above the leaves, with the hashes that it has now, 32 bytes each. */
export type HeldTile = { level: number; n: number; bytes: Uint8Array };

export async function writeTiles(db: Queryable, tiles: readonly HeldTile[]): Promise<void> {
  await db.query(
    `INSERT INTO tree_tile (level, n, hashes) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map(({ level }) => level), tiles.map(({ n }) => n), byteaColumn(tiles.map(({ bytes }) => bytes))],
  );
}

/** The first hashes of a tile; fewer than `width` where there are no more. */
export async function selectTile(db: Queryable, { level, n, width }: Tile): Promise<Buffer> {
  const { rows } =
    level === 0
      ? await db.query<{ hashes: Buffer | null }>("SELECT leaf_tile($1, $2) AS hashes", [n, width])
      : await db.query<{ hashes: Buffer }>(
          "SELECT substr(hashes, 1, $3 * 32) AS hashes FROM tree_tile WHERE level = $1 AND n = $2",
          [level, n, width],
        );
  return rows[0]?.hashes ?? Buffer.alloc(0);
}
