import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { Naming } from "../context/waiting.ts";

/** A name that a version bears in itself, by its whole rendition. */
export type NewReference = { name: string; renditionId: number };

export async function insertReferences(db: Queryable, rows: readonly NewReference[]): Promise<void> {
  await db.query(
    "INSERT INTO reference (name, rendition_id) SELECT * FROM unnest($1::text[], $2::bigint[])",
    [textColumn(rows.map(({ name }) => name)), bigintColumn(rows.map(({ renditionId }) => renditionId))],
  );
}

/** Which of a producer's own live objects name which others among them. */
export async function selectNamings(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<Naming[]> {
  const { rows } = await db.query<Naming>(
    `SELECT DISTINCT n.name, r.stix_id FROM reference n JOIN rendition r ON r.id = n.rendition_id
      WHERE n.name = ANY($2) AND r.stix_id = ANY($2) AND r.producer = $1 AND NOT r.withdrawn`,
    [producer, textColumn(ids)],
  );
  return rows;
}

/** Ids of a producer's own live objects that name any of these; some of them where they are more than `most`. */
export async function selectReferring(
  db: Queryable,
  producer: number,
  names: readonly string[],
  most: number | null,
): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    `SELECT DISTINCT r.stix_id FROM reference n JOIN rendition r ON r.id = n.rendition_id
      WHERE n.name = ANY($2) AND r.producer = $1 AND NOT r.withdrawn LIMIT $3`,
    [producer, textColumn(names), most],
  );
  return rows.map(({ stix_id }) => stix_id);
}
