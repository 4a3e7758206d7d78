import type { ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type PolicyKeyRow = {
  id: string;
  member: string;
  /** Base64. */
  public_key: string;
  label: string;
  waits: boolean;
  created_at: Date;
  revoked_at: Date | null;
  created_us: number;
};

const COLUMNS = `id, member, encode(public_key, 'base64') AS public_key, label, waits, created_at, revoked_at,
  (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

/** Undefined when somebody has registered it already. */
export async function insertPolicyKey(
  db: Queryable,
  row: { id: string; member: string; publicKey: Buffer; label: string; actor: string },
): Promise<PolicyKeyRow | undefined> {
  const { rows } = await db.query<PolicyKeyRow>(
    `INSERT INTO core.policy_key (id, member, public_key, label, waits, created_by)
     VALUES ($1, $2, $3, $4, true, $5) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
    [row.id, row.member, row.publicKey, row.label, row.actor],
  );
  return rows[0];
}

export async function selectPolicyKey(db: Queryable, id: string): Promise<PolicyKeyRow | undefined> {
  const { rows } = await db.query<PolicyKeyRow>(`SELECT ${COLUMNS} FROM core.policy_key WHERE id = $1`, [id]);
  return rows[0];
}

/** Newest first. */
export async function selectPolicyKeys(
  db: Queryable,
  after: ListPlace,
  limit: number,
): Promise<PolicyKeyRow[]> {
  const { rows } = await db.query<PolicyKeyRow>(
    `SELECT * FROM (SELECT ${COLUMNS} FROM core.policy_key) k
      WHERE (created_us, id) < ($1, $2) ORDER BY created_us DESC, id DESC LIMIT $3`,
    [after.key, after.id, limit],
  );
  return rows;
}

/** By which members sign now: somebody confirmed them, and nobody has revoked them. */
export async function selectActiveKeys(
  db: Queryable,
): Promise<Pick<PolicyKeyRow, "member" | "public_key">[]> {
  const { rows } = await db.query<Pick<PolicyKeyRow, "member" | "public_key">>(
    `SELECT member, encode(public_key, 'base64') AS public_key FROM core.policy_key
      WHERE NOT waits AND revoked_at IS NULL`,
  );
  return rows;
}

export async function countPolicyKeys(db: Queryable, member: string): Promise<number> {
  const { rows } = await db.query<{ many: number }>(
    "SELECT count(*)::int AS many FROM core.policy_key WHERE member = $1 AND revoked_at IS NULL",
    [member],
  );
  return rows[0]?.many ?? 0;
}

/** Undefined when it waits no more. */
export async function markConfirmed(
  db: Queryable,
  id: string,
  actor: string,
): Promise<PolicyKeyRow | undefined> {
  const { rows } = await db.query<PolicyKeyRow>(
    `UPDATE core.policy_key SET waits = false, confirmed_by = $2, confirmed_at = clock_timestamp()
      WHERE id = $1 AND waits AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [id, actor],
  );
  return rows[0];
}

/** Undefined when it was revoked before. */
export async function markRevoked(
  db: Queryable,
  id: string,
  actor: string,
): Promise<PolicyKeyRow | undefined> {
  const { rows } = await db.query<PolicyKeyRow>(
    `UPDATE core.policy_key SET revoked_by = $2, revoked_at = clock_timestamp()
      WHERE id = $1 AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [id, actor],
  );
  return rows[0];
}
