import type { Queryable } from "@suar/runtime";
import type { Pap, Tlp } from "@suar/stix";

/** A normalized object before its markings and references are final. `item` is its JSON (see staged-item.ts). */
export type StagedRow = {
  ordinal: number;
  record: number;
  stix_id: string;
  own_tlp: Tlp | null;
  own_pap: Pap | null;
  contains: string[] | null;
  refs: string[] | null;
  item: string;
};

export async function deleteStaged(db: Queryable, submissionId: string): Promise<void> {
  await db.query("DELETE FROM staged WHERE submission_id = $1", [submissionId]);
}

export async function insertStaged(
  db: Queryable,
  submissionId: string,
  rows: readonly StagedRow[],
): Promise<void> {
  await db.query(
    `INSERT INTO staged (submission_id, ordinal, record, stix_id, own_tlp, own_pap, contains, refs, item)
     SELECT $1, ordinal, record, stix_id, own_tlp, own_pap,
            CASE WHEN contains = '' THEN NULL ELSE string_to_array(contains, E'\\n') END,
            CASE WHEN refs = '' THEN NULL ELSE string_to_array(refs, E'\\n') END, item
       FROM unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
         AS s (ordinal, record, stix_id, own_tlp, own_pap, contains, refs, item)`,
    [
      submissionId,
      rows.map((row) => row.ordinal),
      rows.map((row) => row.record),
      rows.map((row) => row.stix_id),
      rows.map((row) => row.own_tlp),
      rows.map((row) => row.own_pap),
      rows.map((row) => row.contains?.join("\n") ?? ""),
      rows.map((row) => row.refs?.join("\n") ?? ""),
      rows.map((row) => row.item),
    ],
  );
}

export async function countStaged(
  db: Queryable,
  submissionId: string,
): Promise<{ rows: number; structured: boolean }> {
  const { rows } = await db.query<{ rows: number; structured: boolean }>(
    "SELECT count(*) AS rows, coalesce(bool_or(contains IS NOT NULL OR refs IS NOT NULL), false) AS structured FROM staged WHERE submission_id = $1",
    [submissionId],
  );
  return rows[0] ?? { rows: 0, structured: false };
}

export type StagedShape = Omit<StagedRow, "item"> & { local: string | null };

/** Everything but the objects: what markings and the order of release are worked out from. */
export async function selectShapes(db: Queryable, submissionId: string): Promise<StagedShape[]> {
  const { rows } = await db.query<StagedShape>(
    `SELECT ordinal, record, stix_id, own_tlp, own_pap, contains, refs, item::json ->> 'local' AS local
       FROM staged WHERE submission_id = $1 ORDER BY ordinal`,
    [submissionId],
  );
  return rows;
}

export async function selectStagedRange(
  db: Queryable,
  submissionId: string,
  from: number,
  to: number,
): Promise<StagedRow[]> {
  const { rows } = await db.query<StagedRow>(
    `SELECT ordinal, record, stix_id, own_tlp, own_pap, contains, refs, item FROM staged
      WHERE submission_id = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal`,
    [submissionId, from, to],
  );
  return rows;
}

export async function selectStagedOrdinals(
  db: Queryable,
  submissionId: string,
  ordinals: readonly number[],
): Promise<StagedRow[]> {
  const { rows } = await db.query<StagedRow>(
    `SELECT ordinal, record, stix_id, own_tlp, own_pap, contains, refs, item FROM staged
      WHERE submission_id = $1 AND ordinal = ANY($2)`,
    [submissionId, ordinals],
  );
  const place = new Map(ordinals.map((ordinal, index) => [ordinal, index]));
  return rows.sort((a, b) => (place.get(a.ordinal) ?? 0) - (place.get(b.ordinal) ?? 0));
}

/** TLP of what this producer stated earlier about ids outside of the submission. */
export async function selectStoredMarkings(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<{ stix_id: string; tlp: Tlp }[]> {
  const { rows } = await db.query<{ stix_id: string; tlp: Tlp }>(
    "SELECT stix_id, tlp FROM rendition WHERE producer = $1 AND stix_id = ANY($2) AND NOT withdrawn",
    [producer, ids],
  );
  return rows;
}
