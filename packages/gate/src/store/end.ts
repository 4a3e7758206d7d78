import { type Queryable, textColumn } from "@suar/runtime";

/** A live assertion about an id, with everybody that it was sent to. */
export type EndRow = { stix_id: string; producer: number; tlp: string; readers: number[] };

/** What an organisation stated about ids, or was sent by others. */
export async function selectEnds(
  db: Queryable,
  organisation: number,
  ids: readonly string[],
): Promise<EndRow[]> {
  const { rows } = await db.query<EndRow>(
    `SELECT v.stix_id, v.producer, r.tlp, a.readers
       FROM object_version v
       JOIN rendition r ON r.id = v.rendition_id
       CROSS JOIN LATERAL (SELECT array_agg(organisation_id ORDER BY organisation_id) AS readers
                             FROM audience_organisation WHERE audience_id = v.audience_id) a
      WHERE v.stix_id = ANY($1) AND v.withdrawn_at IS NULL AND (v.producer = $2 OR $2 = ANY(a.readers))`,
    [textColumn(ids), organisation],
  );
  return rows;
}
