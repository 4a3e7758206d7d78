import { byteaColumn, type Queryable, textColumn } from "@suar/runtime";

/** A redacted rendition of a version, for those from whom something that the version names is withheld. */
export type NewRedaction = {
  stixId: string;
  version: string;
  /** What was left out and renamed, hashed: the same again is the same rendition. */
  view: Buffer;
  shownId: string;
  renditionId: number;
  audienceId: number;
};

export async function insertRedactions(
  db: Queryable,
  producer: number,
  rows: readonly NewRedaction[],
): Promise<void> {
  await db.query(
    `INSERT INTO redaction (producer, stix_id, version, view, shown_id, rendition_id, audience_id)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[], $6::bigint[], $7::int[])`,
    [
      producer,
      textColumn(rows.map((row) => row.stixId)),
      textColumn(rows.map((row) => row.version)),
      byteaColumn(rows.map((row) => row.view)),
      textColumn(rows.map((row) => row.shownId)),
      rows.map((row) => row.renditionId),
      rows.map((row) => row.audienceId),
    ],
  );
}

/** A redacted rendition that goes to more than before. */
export type WidenedRedaction = { renditionId: number; stixId: string; audienceId: number };

export async function widenRedactions(
  db: Queryable,
  producer: number,
  rows: readonly WidenedRedaction[],
): Promise<void> {
  await db.query(
    `UPDATE redaction AS d SET audience_id = w.audience_id
       FROM unnest($2::text[], $3::bigint[], $4::int[]) AS w (stix_id, rendition_id, audience_id)
      WHERE d.producer = $1 AND d.stix_id = w.stix_id AND d.rendition_id = w.rendition_id`,
    [
      producer,
      rows.map((row) => row.stixId),
      rows.map((row) => row.renditionId),
      rows.map((row) => row.audienceId),
    ],
  );
}
