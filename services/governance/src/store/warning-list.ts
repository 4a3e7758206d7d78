import type { Queryable, StoredList } from "@suar/runtime";

/** Two loads at once for the same organisation, or for all, come one after the other: each sees what the other did. */
export async function holdLists(db: Queryable, organisationId: number | null): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('suar-warning-lists'), $1)", [organisationId ?? 0]);
}

/** How many lists of an organisation's own, or of everybody's, there are without one of a name, and what is in them. */
export async function countOthers(db: Queryable, organisationId: number | null, name: string): Promise<Held> {
  const { rows } = await db.query<Held>(
    `SELECT count(*)::int AS lists, coalesce(sum(entries), 0)::int AS entries,
            count(*) FILTER (WHERE type = 'regex')::int AS "ofExpressions"
       FROM core.warning_list
      WHERE ended_at IS NULL AND organisation_id IS NOT DISTINCT FROM $1 AND name <> $2`,
    [organisationId, name],
  );
  return rows[0] ?? { lists: 0, entries: 0, ofExpressions: 0 };
}

type Held = { lists: number; entries: number; ofExpressions: number };

export async function insertList(
  db: Queryable,
  list: Omit<StoredList, "loadedAt"> & { content: Buffer },
): Promise<void> {
  await db.query(
    `INSERT INTO core.warning_list (id, organisation_id, name, version, description, type, attributes, entries,
       content, content_sha256, source, loaded_by, seal)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      list.id,
      list.organisationId,
      list.name,
      list.version,
      list.description,
      list.type,
      list.attributes,
      list.entries,
      list.content,
      list.contentSha256,
      list.source,
      list.loadedBy,
      list.seal,
    ],
  );
}

/** False where it has ended before. */
export async function endList(db: Queryable, id: string, actor: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE core.warning_list SET content = NULL, ended_by = $2, ended_at = clock_timestamp()
      WHERE id = $1 AND ended_at IS NULL`,
    [id, actor],
  );
  return (rowCount ?? 0) > 0;
}
