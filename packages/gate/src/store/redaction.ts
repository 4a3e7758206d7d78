import type { Queryable } from "@suar/runtime";

/** A redacted rendition that a version got after it was released. */
export type LaterCopy = { stixId: string; version: string; renditionId: number };

/** Notes the copies that versions have by now. */
export async function addCopies(db: Queryable, producer: number, rows: readonly LaterCopy[]): Promise<void> {
  await db.query(
    `UPDATE object_version AS o SET copies = coalesce(o.copies, '{}') || a.copies
       FROM (SELECT stix_id, version, array_agg(rendition_id) AS copies
               FROM unnest($2::text[], $3::text[], $4::bigint[]) AS a (stix_id, version, rendition_id) GROUP BY 1, 2) a
      WHERE o.producer = $1 AND o.stix_id = a.stix_id AND o.version = a.version`,
    [
      producer,
      rows.map((row) => row.stixId),
      rows.map((row) => row.version),
      rows.map((row) => row.renditionId),
    ],
  );
}

/** A redacted rendition that goes to more than before. */
export type WidenedCopy = { renditionId: number; audienceId: number };

export async function widenCopies(db: Queryable, rows: readonly WidenedCopy[]): Promise<void> {
  await db.query(
    `UPDATE rendition AS r SET audience_id = w.audience_id
       FROM unnest($1::bigint[], $2::int[]) AS w (rendition_id, audience_id)
      WHERE r.id = w.rendition_id AND r.copy_of IS NOT NULL`,
    [rows.map((row) => row.renditionId), rows.map((row) => row.audienceId)],
  );
}
