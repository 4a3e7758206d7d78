import type { Tile } from "@suar/merkle";
import { bigintColumn, byteaColumn, type Queryable } from "@suar/runtime";

/** A tile above the leaves, with the hashes that it has now, 32 bytes each. */
export type HeldTile = { level: number; n: number; bytes: Uint8Array };

export async function writeTiles(db: Queryable, tiles: readonly HeldTile[]): Promise<void> {
  await db.query(
    `INSERT INTO tree_tile (level, n, hashes) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map(({ level }) => level), tiles.map(({ n }) => n), byteaColumn(tiles.map(({ bytes }) => bytes))],
  );
}

/** Of each tile the first hashes, in the order asked for; fewer than its `width` where there are no more. */
export async function selectTiles(db: Queryable, tiles: readonly Tile[]): Promise<Buffer[]> {
  const { rows } = await db.query<{ hashes: Buffer | null }>(
    `SELECT CASE WHEN level = 0 THEN leaf_tile(n, width)
                 ELSE (SELECT substr(hashes, 1, width * 32) FROM tree_tile t WHERE t.level = asked.level AND t.n = asked.n)
            END AS hashes
       FROM unnest($1::smallint[], $2::bigint[], $3::integer[]) WITH ORDINALITY AS asked (level, n, width, at)
      ORDER BY at`,
    [tiles.map(({ level }) => level), bigintColumn(tiles.map(({ n }) => n)), tiles.map(({ width }) => width)],
  );
  return rows.map(({ hashes }) => hashes ?? Buffer.alloc(0));
}
