import { type Queryable, textColumn } from "@suar/runtime";

/** A copy of what somebody stated about an id: the id that this copy bears, and to whom it went. */
export type SightRow = {
  id: string;
  shown_id: string;
  producer: number;
  audience_id: number;
  /** Who of them has it no more, though nobody was told yet. */
  closed: number[];
};

/**
 * The copies of what an organisation stated about ids, and of what it was sent by others under these ids; the
 * newest first.
 */
export async function selectSights(
  db: Queryable,
  organisation: number,
  ids: readonly string[],
): Promise<SightRow[]> {
  const { rows } = await db.query<SightRow>(
    `WITH copy AS (
            SELECT stix_id AS id, stix_id AS shown_id, producer, rendition_id, audience_id
              FROM object_version WHERE stix_id = ANY($1)
            UNION ALL
            SELECT stix_id, shown_id, producer, rendition_id, audience_id
              FROM redaction WHERE stix_id = ANY($1) AND producer = $2
            UNION ALL
            SELECT shown_id, shown_id, producer, rendition_id, audience_id
              FROM redaction WHERE shown_id = ANY($1))
     SELECT c.id, c.shown_id, c.producer, c.audience_id,
            ARRAY(SELECT o.organisation_id FROM closed o WHERE o.rendition_id = c.rendition_id
                   ORDER BY o.organisation_id)::int[] AS closed
       FROM copy c JOIN rendition r ON r.id = c.rendition_id
      WHERE c.producer = $2 OR EXISTS (SELECT FROM audience_organisation a
                                        WHERE a.audience_id = c.audience_id AND a.organisation_id = $2)
      GROUP BY 1, 2, 3, 4, 5 ORDER BY max(r.rank) DESC, 2`,
    [textColumn(ids), organisation],
  );
  return rows;
}

/** Of these ids, those under which an organisation had an object rejected. */
export async function selectRefusedNames(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    "SELECT stix_id FROM refused_name WHERE stix_id = ANY($1) AND producer = $2",
    [textColumn(ids), producer],
  );
  return rows.map(({ stix_id }) => stix_id);
}

/** Remembers ids of objects that were rejected. */
export async function insertRefusedNames(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<void> {
  await db.query(
    "INSERT INTO refused_name (producer, stix_id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
    [producer, ids],
  );
}
