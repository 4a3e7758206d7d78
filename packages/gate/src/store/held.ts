import { type Queryable, textColumn } from "@suar/runtime";

export type HeldRow = {
  id: string;
  version: string;
  is_copy: boolean;
  withdrawn: boolean;
  /** What it says, where that is not in the name of the version: whole, or, once withdrawn, its hash. */
  body: string | null;
  said: Buffer | null;
};

/**
 * Such versions of ids that an organisation stated or was sent, and copies under these ids that it was sent. An
 * observable that was stated again after its withdrawal has the same version with a number behind it.
 */
export async function selectHeldVersions(
  db: Queryable,
  organisationId: number,
  ids: readonly string[],
  versions: readonly string[],
): Promise<HeldRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<HeldRow>(
    `SELECT c.id, c.version, c.is_copy, r.withdrawn, r.said,
            CASE WHEN NOT r.withdrawn AND c.version NOT LIKE 'sha256:%' THEN r.body END AS body
       FROM (SELECT stix_id AS id, CASE WHEN version LIKE 'sha256:%' THEN left(version, 71) ELSE version END AS version,
                    false AS is_copy, producer, rendition_id, audience_id
               FROM object_version WHERE stix_id = ANY($2)
             UNION ALL
             SELECT shown_id, version, true, producer, rendition_id, audience_id
               FROM redaction WHERE shown_id = ANY($2)) c
       JOIN rendition r ON r.id = c.rendition_id
      WHERE (c.is_copy OR c.version = ANY($3))
        AND (c.producer = $1 OR EXISTS (SELECT FROM audience_organisation a
                                         WHERE a.audience_id = c.audience_id AND a.organisation_id = $1))`,
    [organisationId, textColumn(ids), textColumn(versions)],
  );
  return rows;
}
