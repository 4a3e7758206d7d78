import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { ClosedEarly } from "./closed.ts";

/** What is left alone: what one submission stated knowing of its victims, and versions of these whole renditions. */
export type ButFor = { submissionId: string | null; written: readonly number[] };

/** Ids of a producer's live objects that bear one of these names, or hold it. */
export async function selectHolding(
  db: Queryable,
  producer: number,
  names: readonly string[],
  { submissionId, written }: ButFor,
): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    `WITH holding AS (
       SELECT stix_id FROM object_version
        WHERE stix_id = ANY($2) AND producer = $1 AND withdrawn_at IS NULL
       UNION
       SELECT r.stix_id FROM reference n JOIN rendition r ON r.id = n.rendition_id
        WHERE n.name = ANY($3) AND r.producer = $1 AND NOT r.withdrawn
       UNION
       SELECT r.stix_id FROM observable o JOIN rendition r ON r.id = o.rendition_id
        WHERE o.key = ANY($3) AND r.producer = $1 AND NOT r.withdrawn AND r.copy_of IS NULL
     )
     SELECT DISTINCT h.stix_id FROM holding h JOIN object_version v ON v.stix_id = h.stix_id AND v.producer = $1
      WHERE v.withdrawn_at IS NULL AND v.rendition_id <> ALL($5)
        AND ($4::uuid IS NULL OR v.submission_id IS DISTINCT FROM $4 OR NOT v.is_victims)`,
    [
      producer,
      textColumn(names),
      textColumn(names.filter((name) => /^(?:ipv[46]|email):/.test(name))),
      submissionId,
      bigintColumn(written),
    ],
  );
  return rows.map(({ stix_id }) => stix_id);
}

/** All copies of these objects that anybody but these has, but for those of versions that were written just now. */
export async function selectHeldByOthers(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
  { home, written }: { home: readonly number[]; written: readonly number[] },
): Promise<ClosedEarly[]> {
  const { rows } = await db.query<ClosedEarly>(
    `WITH version AS (
       SELECT stix_id, rendition_id, audience_id, copies FROM object_version
        WHERE producer = $1 AND stix_id = ANY($2) AND withdrawn_at IS NULL AND rendition_id <> ALL($4)),
     held AS (
       SELECT stix_id, rendition_id, audience_id FROM version
       UNION ALL
       SELECT v.stix_id, c.id, c.audience_id FROM version v JOIN rendition c ON c.id = ANY (v.copies))
     SELECT stix_id AS "stixId", rendition_id AS "renditionId", array_agg(organisation_id) AS readers
       FROM held JOIN audience_organisation USING (audience_id)
      WHERE organisation_id <> ALL($3::bigint[]) GROUP BY 1, 2`,
    [producer, textColumn(stixIds), bigintColumn(home), bigintColumn(written)],
  );
  return rows;
}

/** What was stated before is kept to be a victim's, whatever becomes of what said so: all versions of these ids. */
export async function noteHolders(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE object_version SET is_victims = true
      WHERE stix_id = ANY($2) AND producer = $1 AND withdrawn_at IS NULL AND NOT is_victims`,
    [producer, textColumn(stixIds)],
  );
}

/** The same of some versions. */
export async function noteVictims(
  db: Queryable,
  producer: number,
  rows: readonly { stixId: string; version: string }[],
): Promise<void> {
  await db.query(
    `UPDATE object_version v SET is_victims = true FROM unnest($2::text[], $3::text[]) AS n (stix_id, version)
      WHERE v.stix_id = n.stix_id AND v.producer = $1 AND v.version = n.version`,
    [producer, textColumn(rows.map(({ stixId }) => stixId)), textColumn(rows.map(({ version }) => version))],
  );
}
