import type { Role } from "@suar/contract";
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
};

const SELECT = `SELECT p.id, p.organisation_id, o.code AS organisation, o.member, p.title, p.email, p.roles, p.status
  FROM core.person p JOIN core.organisation o ON o.id = p.organisation_id`;

export async function selectPeople(db: Queryable, member: string | null): Promise<PersonRow[]> {
  return (
    await db.query<PersonRow>(
      `${SELECT} WHERE $1::text IS NULL OR o.member = $1 ORDER BY o.code, p.title, p.id`,
      [member],
    )
  ).rows;
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
