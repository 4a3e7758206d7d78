import type { Queryable } from "@suar/runtime";

/** An entry of the log about what a producer stated: which copy of which version, and what became of it. */
export type ReceiptRow = {
  seq: number;
  at: string;
  kind: string;
  /** The id that the copy bears. */
  shown_id: string;
  version: string;
  /** Those whom it was addressed to, but for the producer. */
  audience: number[];
  /** The recall that a withdrawal belongs to. */
  recall_id: string | null;
};

/** Newest first, before the given seq; only what the producer itself stated under this id. */
export async function selectReceipts(
  db: Queryable,
  producer: number,
  stixId: string,
  { before, limit }: { before: number; limit: number },
): Promise<ReceiptRow[]> {
  const { rows } = await db.query<ReceiptRow>(
    `SELECT l.seq, to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, l.kind,
            c.shown_id, c.version,
            ARRAY(SELECT organisation_id FROM audience_organisation a
                   WHERE a.audience_id = l.audience_id AND organisation_id <> $1 ORDER BY 1) AS audience,
            CASE WHEN l.kind = 'withdrawn' THEN
              (SELECT id FROM recall WHERE stix_id = $2 AND producer = $1 AND c.rendition_id = ANY (renditions) LIMIT 1)
            END AS recall_id
       FROM (SELECT stix_id AS shown_id, version, rendition_id
               FROM object_version WHERE stix_id = $2 AND producer = $1
             UNION ALL
             SELECT shown_id, version, rendition_id
               FROM redaction WHERE stix_id = $2 AND producer = $1) c
       JOIN log l ON l.rendition_id = c.rendition_id
      WHERE l.seq < $3 ORDER BY l.seq DESC LIMIT $4`,
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

/** Whether a producer stated anything under an id. */
export async function hasStated(db: Queryable, producer: number, stixId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM object_version WHERE stix_id = $2 AND producer = $1 LIMIT 1",
    [producer, stixId],
  );
  return rowCount === 1;
}
