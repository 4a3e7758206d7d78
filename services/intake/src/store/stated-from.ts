import { type Queryable, textColumn } from "@suar/runtime";

/** Where an organisation's standing statements about ids came from: a server's collection each, or null. */
export async function selectStatedFrom(
  db: Queryable,
  organisationId: number,
  ids: readonly string[],
): Promise<Map<string, (string | null)[]>> {
  const { rows } = await db.query<{ stix_id: string; origins: (string | null)[] }>(
    `SELECT v.stix_id, array_agg(DISTINCT s.options -> 'origin' ->> 'url') AS origins
       FROM object_version v LEFT JOIN submission s ON s.id = v.submission_id
      WHERE v.stix_id = ANY($2) AND v.producer = $1 AND v.withdrawn_at IS NULL GROUP BY v.stix_id`,
    [organisationId, textColumn(ids)],
  );
  return new Map(rows.map(({ stix_id, origins }) => [stix_id, origins]));
}
