import type { Queryable } from "@suar/runtime";

/** What is said of a name: hash of an id or of an address's key, places of its levels (0: none), and flags. */
export type NameRow = { name: string; tlp: number; pap: number; flags: number };

/** Writes what a portion says of names: the strictest of what it ever said. */
export async function putNames(
  db: Queryable,
  submissionId: string,
  portion: number,
  rows: readonly NameRow[],
): Promise<void> {
  await db.query(
    `INSERT INTO staged_name (submission_id, portion, name, tlp, pap, flags)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::smallint[], $5::smallint[], $6::integer[])
     ON CONFLICT (submission_id, name, portion)
     DO UPDATE SET tlp = greatest(staged_name.tlp, excluded.tlp), pap = greatest(staged_name.pap, excluded.pap),
                   flags = staged_name.flags | excluded.flags
      WHERE excluded.tlp > staged_name.tlp OR excluded.pap > staged_name.pap OR excluded.flags & ~staged_name.flags <> 0`,
    [
      submissionId,
      portion,
      rows.map(({ name }) => name),
      rows.map(({ tlp }) => tlp),
      rows.map(({ pap }) => pap),
      rows.map(({ flags }) => flags),
    ],
  );
}

/** What all portions together say of names. */
export async function selectNames(
  db: Queryable,
  submissionId: string,
  names: readonly string[],
): Promise<NameRow[]> {
  const { rows } = await db.query<NameRow>(
    `SELECT name, max(tlp) AS tlp, max(pap) AS pap, bit_or(flags) AS flags FROM staged_name
      WHERE submission_id = $1 AND name = ANY($2::uuid[]) GROUP BY name`,
    [submissionId, names],
  );
  return rows;
}

/** Portions that mark some name less strictly than another does. The names lie between two: there may be millions in all. */
export async function selectBehind(
  db: Queryable,
  submissionId: string,
  { first, last }: { first: string; last: string },
): Promise<number[]> {
  const { rows } = await db.query<{ portion: number }>(
    `SELECT DISTINCT portion FROM
       (SELECT portion, tlp, pap, max(tlp) OVER same AS most_tlp, max(pap) OVER same AS most_pap
          FROM staged_name WHERE submission_id = $1 AND name BETWEEN $2 AND $3 WINDOW same AS (PARTITION BY name)) said
      WHERE tlp < most_tlp OR pap < most_pap`,
    [submissionId, first, last],
  );
  return rows.map(({ portion }) => portion);
}

export async function deleteNames(db: Queryable, submissionId: string): Promise<void> {
  await db.query("DELETE FROM staged_name WHERE submission_id = $1", [submissionId]);
}
