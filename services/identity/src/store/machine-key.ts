import type { ListPlace, Role } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type KeyRow = {
  id: string;
  realm: string;
  organisation: string | null;
  member: string | null;
  roles: Role[];
  label: string;
  created_at: Date;
  created_us: number;
  expires_at: Date;
  revoked_at: Date | null;
  waits: boolean;
};

const SELECT = `SELECT k.id, k.realm, o.code AS organisation, o.member, k.roles, k.label, k.created_at, k.expires_at, k.revoked_at, k.waits,
    (extract(epoch FROM k.created_at) * 1000000)::bigint AS created_us
  FROM core.machine_key k LEFT JOIN core.organisation o ON o.id = k.organisation_id`;

/** Whose keys: one organisation's, a whole member's, or everybody's; always of one realm (the operator sees all). */
export type KeyScope = { realm: string | null; organisationId: number | null; member: string | null };

/** Newest first, after the given place. */
export async function selectKeys(
  db: Queryable,
  scope: KeyScope,
  after: ListPlace,
  limit: number,
): Promise<KeyRow[]> {
  const { rows } = await db.query<KeyRow>(
    `${SELECT} WHERE k.purpose IS NULL AND ($1::text IS NULL OR k.realm = $1) AND ($2::int IS NULL OR k.organisation_id = $2) AND ($3::text IS NULL OR o.member = $3)
        AND (k.created_at, k.id) < ('epoch'::timestamptz + $4 * interval '1 microsecond', $5)
      ORDER BY k.created_at DESC, k.id DESC LIMIT $6`,
    [scope.realm, scope.organisationId, scope.member, after.key, after.id, limit],
  );
  return rows;
}

export async function selectKey(db: Queryable, id: string): Promise<KeyRow | undefined> {
  return (await db.query<KeyRow>(`${SELECT} WHERE k.id = $1 AND k.purpose IS NULL`, [id])).rows[0];
}

export async function revokeKeysOfPerson(db: Queryable, personId: string): Promise<void> {
  await db.query(
    "UPDATE core.machine_key SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL",
    [personId],
  );
}

export async function revokeKeysOf(db: Queryable, organisationIds: readonly number[]): Promise<void> {
  await db.query(
    "UPDATE core.machine_key SET revoked_at = now() WHERE organisation_id = ANY($1) AND revoked_at IS NULL",
    [organisationIds],
  );
}

/** Until the transaction ends nobody else asks who has officers: of two first ones at once, one is the second. */
export async function lockOfficers(db: Queryable): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('suar-officers'))");
}

/**
 * Whether an organisation has an officer's key that is good, or waits. People count only by their keys: who has
 * none cannot sign in without an officer.
 */
export async function hasOfficer(db: Queryable, organisationId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM core.machine_key WHERE organisation_id = $1 AND realm = 'live' AND 'officer' = ANY(roles)
        AND revoked_at IS NULL AND expires_at > now() LIMIT 1`,
    [organisationId],
  );
  return rowCount === 1;
}

/** Whether anybody on the platform ever was an officer. A key that still waits, or was revoked waiting, never was good. */
export async function hadOfficers(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM core.machine_key WHERE realm = 'live' AND 'officer' = ANY(roles) AND NOT waits LIMIT 1",
  );
  return rowCount === 1;
}

/** A key of another member that waits; false when there is none such. */
export async function confirmKey(db: Queryable, id: string, member: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE core.machine_key k SET waits = false FROM core.organisation o
      WHERE o.id = k.organisation_id AND k.id = $1 AND k.waits AND k.revoked_at IS NULL AND k.expires_at > now()
        AND o.member <> $2`,
    [id, member],
  );
  return rowCount === 1;
}

export async function countKeys(db: Queryable, organisationId: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*) AS n FROM core.machine_key WHERE organisation_id = $1 AND purpose IS NULL AND revoked_at IS NULL AND expires_at > now()",
    [organisationId],
  );
  return rows[0]?.n ?? 0;
}
