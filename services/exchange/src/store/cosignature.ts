import type { Queryable } from "@suar/runtime";

/** The text of a checkpoint that witnesses were asked for; undefined for any other. */
export async function selectAskedNote(db: Queryable, size: number): Promise<string | undefined> {
  const { rows } = await db.query<{ note: string }>(
    "SELECT note FROM checkpoint WHERE size = $1 AND asked_at IS NOT NULL",
    [size],
  );
  return rows[0]?.note;
}

/** A member cosigns a checkpoint once: what it hands in again changes nothing. */
export async function insertCosignature(
  db: Queryable,
  row: { size: number; member: string; line: string },
): Promise<void> {
  await db.query(
    "INSERT INTO cosignature (size, member, line) VALUES ($1, $2, $3) ON CONFLICT (size, member) DO NOTHING",
    [row.size, row.member, row.line],
  );
}

export async function selectCosigners(db: Queryable, size: number): Promise<string[]> {
  const { rows } = await db.query<{ member: string }>(
    "SELECT member FROM cosignature WHERE size = $1 ORDER BY member",
    [size],
  );
  return rows.map(({ member }) => member);
}

export async function markWitnessed(db: Queryable, size: number): Promise<void> {
  await db.query(
    "UPDATE checkpoint SET witnessed_at = clock_timestamp() WHERE size = $1 AND witnessed_at IS NULL",
    [size],
  );
}
