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

export async function removePerson(db: Queryable, id: string): Promise<void> {
  await db.query("UPDATE core.person SET status = 'removed' WHERE id = $1", [id]);
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

/** Uses a link up; the person, unless it was used, is too old, or the person is gone. */
export async function useSignInLink(db: Queryable, tokenHmac: Buffer): Promise<PersonRow | undefined> {
  const { rows } = await db.query<{ person_id: string }>(
    "UPDATE core.sign_in_link SET used_at = now() WHERE token_hmac = $1 AND used_at IS NULL AND expires_at > now() RETURNING person_id",
    [tokenHmac],
  );
  const id = rows[0]?.person_id;
  const person = id === undefined ? undefined : await selectPerson(db, id);
  return person?.status === "active" ? person : undefined;
}
