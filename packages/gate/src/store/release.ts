import { bigintColumn, byteaColumn, type Queryable, textColumn } from "@suar/runtime";
import type { NewVersion } from "./version.ts";

/** An entry as the pen will write it. */
export type SealedEntry = { kind: string; renditionId: number; audienceId: number; leaf: Buffer };

/**
 * Writes versions with their renditions and observable values, and one envelope for the pen, which sees it, all
 * or nothing, when the transaction commits. The envelope's number; undefined when there are no entries.
 */
export async function insertRelease(
  db: Queryable,
  producer: number,
  submissionId: string | null,
  versions: readonly NewVersion[],
  entries: readonly SealedEntry[],
): Promise<number | undefined> {
  if (entries.length === 0) return undefined;
  if (versions.length === 0) return await insertEnvelope(db, entries);
  const { rows } = await db.query<{ batch: number }>(
    `WITH row AS (
            SELECT * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
                                 $9::bytea[], $10::bigint[], $11::text[], $12::text[])
                AS r (id, stix_id, type, tlp, version, rank, hash, audience, body, words)),
          versions AS (
            INSERT INTO object_version (producer, stix_id, version, rank, content_hash, rendition_id, audience_id, submission_id)
            SELECT $1, stix_id, version, rank, hash, id, audience, $2 FROM row),
          renditions AS (
            INSERT INTO rendition (id, producer, stix_id, type, tlp, rank, body, words)
            SELECT id, $1, stix_id, type, tlp, rank, body, to_tsvector('simple', words) FROM row),
          observables AS (
            INSERT INTO observable (key, rendition_id) SELECT * FROM unnest($13::text[], $14::bigint[]))
     INSERT INTO unsequenced (kinds, renditions, audiences, leaves)
     VALUES ($15, $16, $17::bigint[]::int[], $18) RETURNING batch`,
    [producer, submissionId, ...columnsOf(versions), ...columnsOfEntries(entries)],
  );
  return rows[0]?.batch;
}

/** An envelope for what is written already. */
export async function insertEnvelope(
  db: Queryable,
  entries: readonly SealedEntry[],
): Promise<number | undefined> {
  const { rows } = await db.query<{ batch: number }>(
    `INSERT INTO unsequenced (kinds, renditions, audiences, leaves)
     VALUES ($1, $2, $3::bigint[]::int[], $4) RETURNING batch`,
    columnsOfEntries(entries),
  );
  return rows[0]?.batch;
}

function columnsOf(rows: readonly NewVersion[]): Buffer[] {
  return [
    bigintColumn(rows.map((row) => row.renditionId)),
    textColumn(rows.map((row) => row.stixId)),
    textColumn(rows.map((row) => row.type)),
    textColumn(rows.map((row) => row.tlp)),
    textColumn(rows.map((row) => row.version)),
    bigintColumn(rows.map((row) => row.rank)),
    byteaColumn(rows.map((row) => row.hash)),
    bigintColumn(rows.map((row) => row.audienceId)),
    textColumn(rows.map((row) => row.body)),
    textColumn(rows.map((row) => row.words)),
    textColumn(rows.flatMap(({ keys }) => keys)),
    bigintColumn(rows.flatMap(({ keys, renditionId }) => keys.map(() => renditionId))),
  ];
}

function columnsOfEntries(entries: readonly SealedEntry[]): Buffer[] {
  return [
    textColumn(entries.map((entry) => entry.kind)),
    bigintColumn(entries.map((entry) => entry.renditionId)),
    bigintColumn(entries.map((entry) => entry.audienceId)),
    byteaColumn(entries.map((entry) => entry.leaf)),
  ];
}
