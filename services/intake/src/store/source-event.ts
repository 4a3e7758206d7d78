import { bigintColumn, byteaColumn, type Queryable, textColumn } from "@suar/runtime";

/** An event as a feed's manifest lists it: its UUID, and a hash of what is said of it. */
export type ListedEvent = { event: string; entry: Buffer };

export type ChangedEvent = {
  event: string;
  /** Of what was taken of it before; null where it is new, or could not be taken. */
  content: Buffer | null;
  /** It could not be taken as it is listed, and that was counted. */
  is_retry: boolean;
};

/** What could not be taken is asked for again after so long: a feed may mend an event and not say so. */
const RETRY_HOURS = 6;

/** Of what is listed: what is new or changed, in its order, and then what is to be tried again, `again` among it. */
export async function selectChangedEvents(
  db: Queryable,
  sourceId: string,
  listed: readonly ListedEvent[],
  again: readonly string[],
  most: number,
): Promise<ChangedEvent[]> {
  const { rows } = await db.query<ChangedEvent>(
    `SELECT l.event, e.content, coalesce(e.entry = l.entry, false) AS is_retry
       FROM unnest($2::text[], $3::bytea[]) WITH ORDINALITY AS l (event, entry, n)
       LEFT JOIN source_event e ON e.source_id = $1 AND e.event = l.event::uuid
      WHERE e.entry IS DISTINCT FROM l.entry
         OR (e.content IS NULL AND (e.tried_at < now() - $4 * interval '1 hour' OR l.event = ANY($5::text[])))
      ORDER BY is_retry, l.n LIMIT $6`,
    [
      sourceId,
      textColumn(listed.map(({ event }) => event)),
      byteaColumn(listed.map(({ entry }) => entry)),
      RETRY_HOURS,
      textColumn(again),
      most,
    ],
  );
  return rows;
}

/** What became of an event; `content` is null where it could not be taken. */
export type TriedEvent = ListedEvent & { content: Buffer | null };

export async function upsertEvents(
  db: Queryable,
  sourceId: string,
  tried: readonly TriedEvent[],
): Promise<void> {
  await db.query(
    `INSERT INTO source_event (source_id, event, entry, content)
     SELECT $1, event::uuid, entry, content FROM unnest($2::text[], $3::bytea[], $4::bytea[]) AS t (event, entry, content)
     ON CONFLICT (source_id, event) DO UPDATE
        SET entry = excluded.entry, content = excluded.content, tried_at = now()`,
    [
      sourceId,
      textColumn(tried.map(({ event }) => event)),
      byteaColumn(tried.map(({ entry }) => entry)),
      tried.map(({ content }) => content),
    ],
  );
}

/** Forgets what a feed lists no more. */
export async function deleteUnlisted(
  db: Queryable,
  sourceId: string,
  listed: readonly string[],
): Promise<void> {
  await db.query("DELETE FROM source_event WHERE source_id = $1 AND event <> ALL($2::text[]::uuid[])", [
    sourceId,
    textColumn(listed),
  ]);
}

/** Of how many events nothing could be taken: they will be asked for again, whatever the manifest says. */
export async function countUntaken(db: Queryable, sourceId: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM source_event WHERE source_id = $1 AND content IS NULL",
    [sourceId],
  );
  return rows[0]?.n ?? 0;
}

/** Which of these ids an organisation states itself, in a version of that time (microseconds) or later. */
export async function selectStatedSince(
  db: Queryable,
  organisationId: number,
  asked: readonly { id: string; since: number }[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT DISTINCT a.id FROM unnest($2::text[], $3::bigint[]) AS a (id, since)
       JOIN object_version v ON v.stix_id = a.id AND v.producer = $1 AND v.withdrawn_at IS NULL
      WHERE v.rank >= a.since`,
    [organisationId, textColumn(asked.map(({ id }) => id)), bigintColumn(asked.map(({ since }) => since))],
  );
  return new Set(rows.map(({ id }) => id));
}
