import type { ListPlace, Role } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type PersonRow = {
  id: string;
  organisation_id: number;
  organisation: string;
  member: string;
  title: string;
  email: string | null;
  roles: Role[];
  status: "active" | "removed";
  created_us: number;
};

const SELECT = `SELECT p.id, p.organisation_id, o.code AS organisation, o.member, p.title, p.email, p.roles, p.status,
    (extract(epoch FROM p.created_at) * 1000000)::bigint AS created_us
  FROM core.person p JOIN core.organisation o ON o.id = p.organisation_id`;

/** A member's, or one organisation's, newest first, after the given place. */
export async function selectPeople(
  db: Queryable,
  scope: { organisationId: number | null; member: string | null },
  after: ListPlace,
  limit: number,
): Promise<PersonRow[]> {
  const { rows } = await db.query<PersonRow>(
    `${SELECT} WHERE ($1::int IS NULL OR o.id = $1) AND ($2::text IS NULL OR o.member = $2)
        AND (p.created_at, p.id) < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4)
      ORDER BY p.created_at DESC, p.id DESC LIMIT $5`,
    [scope.organisationId, scope.member, after.key, after.id, limit],
  );
  return rows;
}

export async function selectPerson(db: Queryable, id: string): Promise<PersonRow | undefined> {
  return (await db.query<PersonRow>(`${SELECT} WHERE p.id = $1`, [id])).rows[0];
}

export type NewPerson = {
  id: string;
  organisationId: number;
  title: string;
  email: string | null;
  roles: readonly Role[];
};

export async function insertPerson(db: Queryable, person: NewPerson): Promise<void> {
  await db.query(
    "INSERT INTO core.person (id, organisation_id, title, email, roles) VALUES ($1, $2, $3, $4, $5)",
    [person.id, person.organisationId, person.title, person.email, person.roles],
  );
}

/** By itself: restoring the member does not give the person back. */
export async function removePerson(db: Queryable, id: string): Promise<void> {
  await db.query("UPDATE core.person SET status = 'removed', removed_with_member = false WHERE id = $1", [
    id,
  ]);
}

/** Those of organisations that go; who was removed before stays as is. */
export async function removePeopleOf(
  db: Queryable,
  organisationIds: readonly number[],
  withMember: boolean,
): Promise<void> {
  await db.query(
    `UPDATE core.person SET status = 'removed', removed_with_member = $2
      WHERE organisation_id = ANY($1) AND status = 'active'`,
    [organisationIds, withMember],
  );
}

/** Those who were removed together with their member. */
export async function restorePeopleOfMember(db: Queryable, member: string): Promise<void> {
  await db.query(
    `UPDATE core.person p SET status = 'active', removed_with_member = false FROM core.organisation o
      WHERE o.id = p.organisation_id AND o.member = $1 AND p.removed_with_member`,
    [member],
  );
}

export async function insertSignInLink(
  db: Queryable,
  link: { tokenHmac: Buffer; personId: string; issuedBy: string; expiresAt: Date },
): Promise<void> {
  await db.query(
    "INSERT INTO core.sign_in_link (token_hmac, person_id, issued_by, expires_at) VALUES ($1, $2, $3, $4)",
    [link.tokenHmac, link.personId, link.issuedBy, link.expiresAt],
  );
}

// The organisation first, then the person, as in every removal: whoever waits never waits in a circle.
const HELD = "p.status = 'active' AND o.status = 'active' FOR SHARE OF o, p";

/** A person who stays active, in an organisation that does, until the transaction ends. */
export async function holdPerson(db: Queryable, id: string): Promise<PersonRow | undefined> {
  return (await db.query<PersonRow>(`${SELECT} WHERE p.id = $1 AND ${HELD}`, [id])).rows[0];
}

/** The same, of whom a link is; whether the link is still good, using it tells. */
export async function holdPersonOfLink(db: Queryable, tokenHmac: Buffer): Promise<PersonRow | undefined> {
  const { rows } = await db.query<PersonRow>(
    `${SELECT} JOIN core.sign_in_link l ON l.person_id = p.id WHERE l.token_hmac = $1 AND ${HELD}`,
    [tokenHmac],
  );
  return rows[0];
}

/** Uses a link up, and tells on whose word it was made; undefined when it was used, is void or too old. */
export async function useSignInLink(db: Queryable, tokenHmac: Buffer): Promise<string | undefined> {
  const { rows } = await db.query<{ issued_by: string }>(
    `UPDATE core.sign_in_link SET used_at = now()
      WHERE token_hmac = $1 AND used_at IS NULL AND expires_at > now() RETURNING issued_by`,
    [tokenHmac],
  );
  return rows[0]?.issued_by;
}

export async function voidLinksOfPerson(db: Queryable, personId: string): Promise<void> {
  await db.query(
    "UPDATE core.sign_in_link SET expires_at = now() WHERE person_id = $1 AND expires_at > now()",
    [personId],
  );
}

export async function voidLinksOf(db: Queryable, organisationIds: readonly number[]): Promise<void> {
  await db.query(
    `UPDATE core.sign_in_link l SET expires_at = now() FROM core.person p
      WHERE p.id = l.person_id AND p.organisation_id = ANY($1) AND l.expires_at > now()`,
    [organisationIds],
  );
}
