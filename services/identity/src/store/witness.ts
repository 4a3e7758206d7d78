import type { Queryable } from "@suar/runtime";

export type WitnessRow = { member: string; vkey: string; registered_at: Date; revoked_at: Date | null };

const COLUMNS = "member, vkey, registered_at, revoked_at";

export async function selectWitnesses(db: Queryable): Promise<WitnessRow[]> {
  const { rows } = await db.query<WitnessRow>(
    `SELECT ${COLUMNS} FROM core.witness_key ORDER BY member, registered_at`,
  );
  return rows;
}

/** The key that is good; its row is held until the transaction ends. */
export async function holdWitness(db: Queryable, member: string): Promise<WitnessRow | undefined> {
  const { rows } = await db.query<WitnessRow>(
    `SELECT ${COLUMNS} FROM core.witness_key WHERE member = $1 AND revoked_at IS NULL FOR UPDATE`,
    [member],
  );
  return rows[0];
}

export async function revokeWitnessKey(
  db: Queryable,
  member: string,
  actor: string,
): Promise<WitnessRow | undefined> {
  const { rows } = await db.query<WitnessRow>(
    `UPDATE core.witness_key SET revoked_at = clock_timestamp(), revoked_by = $2
      WHERE member = $1 AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [member, actor],
  );
  return rows[0];
}

/** Undefined where the key is somebody's already, or was. */
export async function insertWitnessKey(
  db: Queryable,
  row: { member: string; vkey: string; publicKey: Uint8Array; actor: string },
): Promise<WitnessRow | undefined> {
  const { rows } = await db.query<WitnessRow>(
    `INSERT INTO core.witness_key (public_key, member, vkey, registered_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (public_key) DO NOTHING RETURNING ${COLUMNS}`,
    [Buffer.from(row.publicKey), row.member, row.vkey, row.actor],
  );
  return rows[0];
}
