import type { ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type ContactRow = {
  /** The person's. */
  id: string;
  organisation: string;
  title: string;
  published_at: Date;
  created_us: number;
};

const SELECT = `SELECT p.id, o.code AS organisation, c.title, c.published_at,
    (extract(epoch FROM c.published_at) * 1000000)::bigint AS created_us
  FROM core.contact c JOIN core.person p ON p.id = c.person_id JOIN core.organisation o ON o.id = p.organisation_id`;

/** Of all members, newest first, after the given place. */
export async function selectContacts(db: Queryable, after: ListPlace, limit: number): Promise<ContactRow[]> {
  const { rows } = await db.query<ContactRow>(
    `${SELECT} WHERE p.status = 'active' AND o.status = 'active'
        AND (c.published_at, p.id) < ('epoch'::timestamptz + $1 * interval '1 microsecond', $2)
      ORDER BY c.published_at DESC, p.id DESC LIMIT $3`,
    [after.key, after.id, limit],
  );
  return rows;
}

export async function selectContact(db: Queryable, personId: string): Promise<ContactRow | undefined> {
  return (await db.query<ContactRow>(`${SELECT} WHERE p.id = $1`, [personId])).rows[0];
}

/** Whoever is a contact already stays one, in the same inbox, under another title. */
export async function upsertContact(
  db: Queryable,
  contact: { inbox: string; personId: string; title: string; publishedBy: string },
): Promise<void> {
  await db.query(
    `INSERT INTO core.contact (id, person_id, title, published_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (person_id) DO UPDATE SET title = $3, published_by = $4`,
    [contact.inbox, contact.personId, contact.title, contact.publishedBy],
  );
}

/** False when the person was none. */
export async function deleteContact(db: Queryable, personId: string): Promise<boolean> {
  return (await db.query("DELETE FROM core.contact WHERE person_id = $1", [personId])).rowCount === 1;
}

export async function deleteContactsOf(db: Queryable, organisationIds: readonly number[]): Promise<void> {
  await db.query(
    "DELETE FROM core.contact c USING core.person p WHERE p.id = c.person_id AND p.organisation_id = ANY($1)",
    [organisationIds],
  );
}
