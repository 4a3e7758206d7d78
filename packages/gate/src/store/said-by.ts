import { type Queryable, textColumn } from "@suar/runtime";

export type SaidRow = { id: string; producer: number; withdrawn: boolean };

/** Who states such ids, or under such ids is told of to an organisation; `withdrawn` where nothing is left of it. */
export async function selectSaidBy(
  db: Queryable,
  organisationId: number,
  ids: readonly string[],
): Promise<SaidRow[]> {
  const { rows } = await db.query<SaidRow>(
    `SELECT c.id, c.producer, bool_and(r.withdrawn) AS withdrawn
       FROM (SELECT stix_id AS id, producer, rendition_id, audience_id FROM object_version WHERE stix_id = ANY($2)
             UNION ALL
             SELECT shown_id, producer, rendition_id, audience_id FROM redaction WHERE shown_id = ANY($2)) c
       JOIN rendition r ON r.id = c.rendition_id
      WHERE c.producer = $1 OR EXISTS (SELECT FROM audience_organisation a
                                        WHERE a.audience_id = c.audience_id AND a.organisation_id = $1)
      GROUP BY c.id, c.producer`,
    [organisationId, textColumn(ids)],
  );
  return rows;
}
