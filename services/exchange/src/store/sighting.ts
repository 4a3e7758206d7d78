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

/** Of each key and each of the reader's audiences the newest rows, and of all that is found the newest renditions. */
const MOST = { ofAudience: 64, ofKey: 500 };

/**
 * What says of things that they were seen, were not, or are over: by their keys, among what the reader was sent alone, one of
 * its audiences after the other, so that what others see of them makes no difference.
 */
export async function selectSightings(db: Queryable, keys: readonly string[]): Promise<SightingRow[]> {
  const { rows } = await db.query<SightingRow>(
    `WITH held AS MATERIALIZED (
            SELECT wanted.key, held.rendition_id, held.also FROM unnest($2::text[]) AS wanted (key)
             CROSS JOIN audience_organisation own
             CROSS JOIN LATERAL (${heldBy("wanted.key", "own.audience_id", `${MOST.ofAudience}`)}) held
             WHERE held.also <= ${MOST_COPIES_BESIDE}),
          newest AS MATERIALIZED (
            SELECT key, rendition_id FROM (
              SELECT key, copy.id AS rendition_id, row_number() OVER (PARTITION BY key ORDER BY copy.id DESC) AS place
                FROM (SELECT DISTINCT key, rendition_id, also FROM held) one
               CROSS JOIN LATERAL generate_series(one.rendition_id, one.rendition_id + one.also) AS copy (id)) ranked
             WHERE place <= ${MOST.ofKey})
     SELECT DISTINCT newest.key, r.id AS rendition_id, r.producer, r.body, l.seq,
            to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
       FROM newest
      CROSS JOIN LATERAL (SELECT id, producer, stix_id, rank, closes, withdrawn, body FROM rendition
                           WHERE id = newest.rendition_id LIMIT 1) r
       JOIN LATERAL (SELECT seq, logged_at FROM log WHERE log.rendition_id = r.id ORDER BY seq DESC LIMIT 1) l ON true
      WHERE NOT r.withdrawn AND ${NOT_SUPERSEDED}`,
    [Number.MAX_SAFE_INTEGER, textColumn(keys)],
  );
  return rows;
}
