import { type Queryable, textColumn } from "@suar/runtime";
import { NOT_SUPERSEDED } from "./assertion.ts";
import { heldBy, MOST_COPIES_BESIDE } from "./holding.ts";

/** A sighting of something, as its reader may see it: read under row-level security only. */
export type SightingRow = {
  key: string;
  rendition_id: number;
  producer: number;
  seq: number;
  at: string;
  body: string;
};

/** How deep a look goes: of each key and each of the reader's audiences the newest rows, of a key the newest renditions. */
export type Depth = { ofAudience: number; ofKey: number };

export type FoundSightings = {
  rows: SightingRow[];
  /** Keys of which there is more than was looked at. */
  crowded: string[];
};

type Row = SightingRow | { key: string; rendition_id: null };

/**
 * What says of things that they were seen, were not, or are over: by their keys, among what the reader was sent alone, one of
 * its audiences after the other, so that what others see of them makes no difference.
 */
export async function selectSightings(
  db: Queryable,
  keys: readonly string[],
  depth: Depth,
): Promise<FoundSightings> {
  const { rows } = await db.query<Row>(
    `WITH held AS MATERIALIZED (
            SELECT wanted.key, held.audience_id, held.rendition_id, held.also FROM unnest($2::text[]) AS wanted (key)
             CROSS JOIN audience_organisation own
             CROSS JOIN LATERAL (${heldBy("wanted.key", "own.audience_id", "$3")}) held
             WHERE held.also <= ${MOST_COPIES_BESIDE}),
          ranked AS MATERIALIZED (
              SELECT key, copy.id AS rendition_id, row_number() OVER (PARTITION BY key ORDER BY copy.id DESC) AS place
                FROM (SELECT DISTINCT key, rendition_id, also FROM held) one
               CROSS JOIN LATERAL generate_series(one.rendition_id, one.rendition_id + one.also) AS copy (id)),
          newest AS (SELECT key, rendition_id FROM ranked WHERE place <= $4)
     SELECT DISTINCT newest.key, r.id AS rendition_id, r.producer, r.body, l.seq,
            to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
       FROM newest
      CROSS JOIN LATERAL (SELECT id, producer, stix_id, rank, closes, withdrawn, body FROM rendition
                           WHERE id = newest.rendition_id LIMIT 1) r
       JOIN LATERAL (SELECT seq, logged_at FROM log WHERE log.rendition_id = r.id ORDER BY seq DESC LIMIT 1) l ON true
      WHERE NOT r.withdrawn AND ${NOT_SUPERSEDED}
      UNION ALL
     SELECT key, NULL, NULL, NULL, NULL, NULL FROM (
       SELECT key FROM held GROUP BY key, audience_id HAVING count(*) >= $3
       UNION SELECT key FROM ranked WHERE place > $4) crowded`,
    [Number.MAX_SAFE_INTEGER, textColumn(keys), depth.ofAudience, depth.ofKey],
  );
  const crowded = rows.filter((row) => row.rendition_id === null).map(({ key }) => key);
  return { rows: rows.filter((row): row is SightingRow => row.rendition_id !== null), crowded };
}
