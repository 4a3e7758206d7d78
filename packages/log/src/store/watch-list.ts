import type { Queryable } from "@suar/runtime";

export type WatchRow = { organisation_id: number; version: number; sealed: string; changed_at: Date };

/** What one organisation watches, as far as the role of `db` may see it. */
export async function selectWatchList(db: Queryable, organisationId: number): Promise<WatchRow | undefined> {
  const { rows } = await db.query<WatchRow>(
    "SELECT organisation_id, version, sealed, changed_at FROM watch_list WHERE organisation_id = $1",
    [organisationId],
  );
  return rows[0];
}

/** Those lists that are of another version than the one that is known (0: none is). */
export async function selectChangedLists(
  db: Queryable,
  known: readonly { organisationId: number; version: number }[],
): Promise<WatchRow[]> {
  const { rows } = await db.query<WatchRow>(
    `SELECT w.organisation_id, w.version, w.sealed, w.changed_at
       FROM unnest($1::integer[], $2::integer[]) AS k (organisation_id, version)
       JOIN watch_list w ON w.organisation_id = k.organisation_id AND w.version <> k.version`,
    [known.map(({ organisationId }) => organisationId), known.map(({ version }) => version)],
  );
  return rows;
}

type NewList = { organisationId: number; sealed: string };

/** Undefined where the organisation has a list already. */
export async function insertWatchList(
  db: Queryable,
  { organisationId, sealed }: NewList,
): Promise<WatchRow | undefined> {
  const { rows } = await db.query<WatchRow>(
    `INSERT INTO watch_list (organisation_id, version, sealed) VALUES ($1, 1, $2)
     ON CONFLICT DO NOTHING RETURNING organisation_id, version, sealed, changed_at`,
    [organisationId, sealed],
  );
  return rows[0];
}

/** Undefined where it is of another version by now. */
export async function updateWatchList(
  db: Queryable,
  { organisationId, sealed }: NewList,
  version: number,
): Promise<WatchRow | undefined> {
  const { rows } = await db.query<WatchRow>(
    `UPDATE watch_list SET version = version + 1, sealed = $2, changed_at = clock_timestamp()
      WHERE organisation_id = $1 AND version = $3 RETURNING organisation_id, version, sealed, changed_at`,
    [organisationId, sealed, version],
  );
  return rows[0];
}
