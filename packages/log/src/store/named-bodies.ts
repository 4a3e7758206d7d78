import type { Queryable } from "@suar/runtime";
import { bigintColumn, textColumn } from "@suar/runtime";

/** Longer ones are not looked into: an observable that says so much is no asset. */
const LONGEST = 16_384;
/** However often something was stated, so few rows of it are read. */
const MOST_OF_OTHERS = 3;

/** An id, and the producer that named it. */
export type Naming = { id: string; producer: number };
export type NamedBody = { id: string; by: number; producer: number; body: string };

/**
 * Of each thing that a producer named, what it said of it itself last, or else what somebody did, as far as the role of
 * `db` may see it: once for each.
 */
export async function selectNamed(db: Queryable, namings: readonly Naming[]): Promise<NamedBody[]> {
  const { rows } = await db.query<NamedBody>(
    `SELECT n.id, n.producer::integer AS by, r.producer, r.body
       FROM unnest($1::text[], $2::bigint[]) AS n (id, producer)
      CROSS JOIN LATERAL (
        SELECT producer, body FROM (
          (SELECT producer, body, withdrawn, tlp, 0 AS turn FROM rendition
            WHERE stix_id = n.id AND producer = n.producer ORDER BY rank DESC LIMIT 1)
          UNION ALL
          (SELECT producer, body, withdrawn, tlp, 1 FROM rendition
            WHERE stix_id = n.id ORDER BY producer, rank LIMIT ${MOST_OF_OTHERS})) said
         WHERE NOT withdrawn AND tlp <> 'red' AND length(body) <= ${LONGEST}
         ORDER BY turn LIMIT 1) r`,
    [textColumn(namings.map(({ id }) => id)), bigintColumn(namings.map(({ producer }) => producer))],
  );
  return rows;
}
