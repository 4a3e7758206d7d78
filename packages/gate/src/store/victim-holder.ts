import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { Resaid } from "../entry/stated.ts";

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

/** What was stated before is kept to be a victim's, whatever becomes of what said so. */
export async function noteVictims(
  db: Queryable,
  producer: number,
  rows: readonly ({ stixId: string; version: string } & Resaid)[],
): Promise<void> {
  await db.query(
    `UPDATE object_version v SET is_victims = true, first_said = n.first_said, seal = n.seal
       FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS n (stix_id, version, first_said, seal)
      WHERE v.stix_id = n.stix_id AND v.producer = $1 AND v.version = n.version`,
    [
      producer,
      textColumn(rows.map(({ stixId }) => stixId)),
      textColumn(rows.map(({ version }) => version)),
      textColumn(rows.map(({ firstSaid }) => firstSaid)),
      rows.map(({ seal }) => seal),
    ],
  );
}
