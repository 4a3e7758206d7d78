import type { Queryable } from "@suar/runtime";

/** An entry of the log about what a producer stated: which copy of which version, and what became of it. */
export type ReceiptRow = {
  seq: number;
  at: string;
  kind: string;
  rendition_id: number;
  /** The id that the copy bears. */
  shown_id: string;
  version: string;
  /** Those whom it was addressed to, but for the producer. */
  audience: number[];
  /** The recall that a withdrawal belongs to. */
  recall_id: string | null;
};

/**
 * Newest first, before the given seq; only what the producer itself stated under this id. What told receivers that a copy
 * is theirs no more is of that copy; where nobody had to be told, it is not there.
 */
export async function selectReceipts(
  db: Queryable,
  producer: number,
  stixId: string,
  { before, limit }: { before: number; limit: number },
): Promise<ReceiptRow[]> {
  const { rows } = await db.query<ReceiptRow>(
    `WITH copies AS MATERIALIZED (
       SELECT stix_id AS shown_id, version, rendition_id FROM object_version WHERE stix_id = $2 AND producer = $1
        UNION ALL SELECT shown_id, version, rendition_id FROM redaction WHERE stix_id = $2 AND producer = $1)
     SELECT l.seq, to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, l.kind,
            l.rendition_id, c.shown_id, c.version,
            ARRAY(SELECT organisation_id FROM audience_organisation a
                   WHERE a.audience_id = l.audience_id AND organisation_id <> $1 ORDER BY 1) AS audience,
            CASE WHEN l.kind = 'withdrawn' THEN
              (SELECT id FROM recall WHERE stix_id = $2 AND producer = $1 AND l.rendition_id = ANY (renditions)
                  AND withdrawn_at <= l.logged_at ORDER BY withdrawn_at DESC LIMIT 1)
            END AS recall_id
       FROM (SELECT *, rendition_id AS entry_of FROM copies
             UNION ALL
             SELECT copies.*, s.id FROM copies JOIN rendition s ON s.stix_id = shown_id AND s.closes AND s.copy_of = rendition_id) c
       JOIN log l ON l.rendition_id = c.entry_of
      WHERE l.seq < $3
        AND (c.entry_of = c.rendition_id OR EXISTS (SELECT FROM audience_organisation WHERE audience_id = l.audience_id))
      ORDER BY l.seq DESC LIMIT $4`,
    [producer, stixId, before, limit],
  );
  return rows;
}

/** For each id, the codes of all whom a producer ever named for what it stated under it. */
export async function selectNamed(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (stixIds.length === 0) return new Map();
  const { rows } = await db.query<{ stix_id: string; named: string[] }>(
    `SELECT stix_id, array_agg(DISTINCT code) AS named FROM object_version, unnest(named) AS code
      WHERE producer = $1 AND stix_id = ANY ($2) GROUP BY stix_id`,
    [producer, stixIds],
  );
  return new Map(rows.map(({ stix_id: id, named }) => [id, named]));
}

/** That a rendition was closed to somebody: to one, or (`organisation_id` 0) to all to whom it was sent. */
export type ClosingRow = {
  rendition_id: number;
  organisation_id: number;
  why: string[];
  closed_at: Date;
  /** When it was decided that they are told; null where a pass has still to come to it. */
  decided_at: Date | null;
  /** It is closed by now, since then or later, and that was decided. */
  is_closed: boolean;
};

/** In the order in which it happened; what is closed by now without having been told comes last. */
export async function selectTakenAway(db: Queryable, renditionIds: readonly number[]): Promise<ClosingRow[]> {
  const { rows } = await db.query<ClosingRow>(
    `SELECT c.rendition_id, c.organisation_id, c.why, coalesce(c.since, c.at) AS closed_at, c.at AS decided_at,
            EXISTS (SELECT FROM closed o
                     WHERE o.rendition_id = c.rendition_id AND o.organisation_id = c.organisation_id AND NOT o.early)
              AS is_closed, c.id
       FROM closing c WHERE c.rendition_id = ANY ($1) AND c.why <> '{}'
      UNION ALL
     SELECT o.rendition_id, o.organisation_id, CASE WHEN o.early THEN '{}'::text[] ELSE '{expired}' END,
            CASE WHEN o.early THEN (SELECT max(e.at) FROM closing e WHERE e.rendition_id = o.rendition_id
                                       AND e.organisation_id = o.organisation_id AND e.why = '{}') ELSE o.since END,
            NULL, false, NULL
       FROM closed o WHERE o.rendition_id = ANY ($1) AND (o.early OR (o.organisation_id = 0 AND o.since <= now()))
      ORDER BY id NULLS LAST`,
    [renditionIds],
  );
  return rows;
}

/** That the log told somebody that what it knows by an id is its no more. */
export type ToldRow = { shown_id: string; organisation_id: number; at: Date };

/** Of what one producer's copies are known by, the earliest first. */
export async function selectTold(
  db: Queryable,
  producer: number,
  shownIds: readonly string[],
): Promise<ToldRow[]> {
  const { rows } = await db.query<ToldRow>(
    `SELECT r.stix_id AS shown_id, a.organisation_id, l.logged_at AS at
       FROM rendition r JOIN log l ON l.rendition_id = r.id
       JOIN audience_organisation a ON a.audience_id = l.audience_id
      WHERE r.stix_id = ANY ($2) AND r.producer = $1 AND l.kind = 'withdrawn' ORDER BY l.seq`,
    [producer, shownIds],
  );
  return rows;
}

/** Whether a producer stated anything under an id. */
export async function hasStated(db: Queryable, producer: number, stixId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM object_version WHERE stix_id = $2 AND producer = $1 LIMIT 1",
    [producer, stixId],
  );
  return rowCount === 1;
}
