import type { Queryable } from "@suar/runtime";
import { bigintColumn, textColumn } from "@suar/runtime";

/** Longer ones are not looked into: an observable that says so much is no asset. */
const LONGEST = 16_384;
/** However often something was stated, so few rows of it are read. */
const MOST_SAID = 3;

/** An id, and the producer that named it. */
export type Naming = { id: string; producer: number };
/** `by` named it, `producer` said it; `audiences` are those whom it was addressed to. */
export type NamedBody = { id: string; by: number; producer: number; body: string; audiences: number[] };

/**
 * Of each thing that a producer named, what it said of it itself, the last first, or else what somebody did, as far as the
 * role of `db` may see it.
 */
export async function selectNamed(db: Queryable, namings: readonly Naming[]): Promise<NamedBody[]> {
  const { rows } = await db.query<NamedBody>(
    `SELECT n.id, n.producer::integer AS by, r.producer, r.body,
            ARRAY(SELECT DISTINCT l.audience_id FROM log l WHERE l.rendition_id = r.rendition_id) AS audiences
       FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS n (id, producer, place)
      CROSS JOIN LATERAL (
        SELECT said.*, min(turn) OVER () AS first FROM (
          (SELECT id AS rendition_id, producer, body, withdrawn, tlp, rank, 0 AS turn FROM rendition
            WHERE stix_id = n.id AND producer = n.producer ORDER BY rank DESC LIMIT ${MOST_SAID})
          UNION ALL
          (SELECT id, producer, body, withdrawn, tlp, rank, 1 FROM rendition
            WHERE stix_id = n.id ORDER BY producer, rank LIMIT ${MOST_SAID})) said
         WHERE NOT withdrawn AND tlp <> 'red' AND length(body) <= ${LONGEST}) r
      WHERE r.turn = r.first
      ORDER BY n.place, r.producer, r.rank DESC`,
    [textColumn(namings.map(({ id }) => id)), bigintColumn(namings.map(({ producer }) => producer))],
  );
  return rows;
}
