import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { NewVersion } from "./version.ts";

const BLOCK = 1_000;

/** A source of rendition ids: blocks of a thousand, so that a batch costs one call. */
export async function renditionIds(db: Queryable, count: number): Promise<number[]> {
  const { rows } = await db.query<{ block: number }>(
    "SELECT nextval('rendition_block') AS block FROM generate_series(1, $1)",
    [Math.ceil(count / BLOCK)],
  );
  return rows
    .flatMap(({ block }) => Array.from({ length: BLOCK }, (_, index) => block * BLOCK + index))
    .slice(0, count);
}

export async function insertRenditions(
  db: Queryable,
  producer: number,
  rows: readonly NewVersion[],
): Promise<void> {
  await db.query(
    `INSERT INTO rendition (id, producer, stix_id, type, tlp, rank, body, words)
     SELECT id, $1, stix_id, type, tlp, rank, body, to_tsvector('simple', words)
       FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
         AS r (id, stix_id, type, tlp, rank, body, words)`,
    [
      producer,
      bigintColumn(rows.map((row) => row.renditionId)),
      textColumn(rows.map((row) => row.stixId)),
      textColumn(rows.map((row) => row.type)),
      textColumn(rows.map((row) => row.tlp)),
      bigintColumn(rows.map((row) => row.rank)),
      textColumn(rows.map((row) => row.body)),
      textColumn(rows.map((row) => row.words)),
    ],
  );
}

/** Observable values of renditions: what search looks up (never an original's values). */
export async function insertObservables(db: Queryable, rows: readonly NewVersion[]): Promise<void> {
  const renditions = rows.flatMap(({ keys, renditionId }) => keys.map(() => renditionId));
  if (renditions.length === 0) return;
  await db.query(
    "INSERT INTO observable (key, rendition_id) SELECT * FROM unnest($1::text[], $2::bigint[])",
    [textColumn(rows.flatMap(({ keys }) => keys)), bigintColumn(renditions)],
  );
}

/** Takes bodies and values away from every reader at once; what stays is `{type, id, modified}`. */
export async function eraseRenditions(
  db: Queryable,
  ids: readonly number[],
  stubs: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE rendition AS r SET withdrawn = true, words = NULL, body = s.body
       FROM unnest($1::bigint[], $2::text[]) AS s (id, body) WHERE r.id = s.id`,
    [ids, stubs],
  );
  await db.query("DELETE FROM observable WHERE rendition_id = ANY($1)", [ids]);
}
