import type { AgreementKind, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type AgreementRow = {
  id: string;
  kind: AgreementKind;
  proposer: string;
  partner: string;
  title: string;
  reference: string | null;
  /** ISO 8601 days. */
  begins: string;
  ends: string | null;
  accepted_at: Date | null;
  /** Which of the two ended it. */
  ended_member: string | null;
  ended_at: Date | null;
  /** Today in UTC, by the database's clock. */
  today: string;
  created_us: number;
};

const COLUMNS = `id, kind, proposer, partner, title, reference, begins::text, ends::text, accepted_at, ended_member,
  ended_at, (clock_timestamp() AT TIME ZONE 'UTC')::date::text AS today,
  (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

export type NewAgreement = Pick<
  AgreementRow,
  "id" | "kind" | "proposer" | "partner" | "title" | "reference" | "begins" | "ends"
> & { proposed_by: string };

export async function insertAgreement(db: Queryable, row: NewAgreement): Promise<AgreementRow> {
  const { rows } = await db.query<AgreementRow>(
    `INSERT INTO core.agreement (id, kind, proposer, partner, title, reference, begins, ends, proposed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
    [
      row.id,
      row.kind,
      row.proposer,
      row.partner,
      row.title,
      row.reference,
      row.begins,
      row.ends,
      row.proposed_by,
    ],
  );
  const [made] = rows;
  if (made === undefined) throw new Error("an agreement was not written");
  return made;
}

/** Of one member, newest first. */
export async function selectAgreements(
  db: Queryable,
  member: string,
  after: ListPlace,
  limit: number,
): Promise<AgreementRow[]> {
  const { rows } = await db.query<AgreementRow>(
    `SELECT * FROM (SELECT ${COLUMNS} FROM core.agreement WHERE $1 IN (proposer, partner)) a
      WHERE (created_us, id) < ($2, $3::uuid) ORDER BY created_us DESC, id DESC LIMIT $4`,
    [member, after.key, after.id, limit],
  );
  return rows;
}

/** Undefined where there is none between this member and another. */
export async function selectAgreement(
  db: Queryable,
  id: string,
  member: string,
): Promise<AgreementRow | undefined> {
  const { rows } = await db.query<AgreementRow>(
    `SELECT ${COLUMNS} FROM core.agreement WHERE id = $1 AND $2 IN (proposer, partner)`,
    [id, member],
  );
  return rows[0];
}

/** How many a member has proposed that nobody accepted or ended. */
export async function countOpenProposals(db: Queryable, member: string): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM core.agreement
      WHERE proposer = $1 AND accepted_at IS NULL AND ended_at IS NULL`,
    [member],
  );
  return rows[0]?.open ?? 0;
}

/** Undefined when it was accepted or ended before. */
export async function markAccepted(
  db: Queryable,
  id: string,
  member: string,
  actor: string,
): Promise<AgreementRow | undefined> {
  const { rows } = await db.query<AgreementRow>(
    `UPDATE core.agreement SET accepted_by = $3, accepted_at = clock_timestamp()
      WHERE id = $1 AND partner = $2 AND accepted_at IS NULL AND ended_at IS NULL RETURNING ${COLUMNS}`,
    [id, member, actor],
  );
  return rows[0];
}

/** Undefined when it was ended before. */
export async function markEnded(
  db: Queryable,
  id: string,
  member: string,
  actor: string,
): Promise<AgreementRow | undefined> {
  const { rows } = await db.query<AgreementRow>(
    `UPDATE core.agreement SET ended_by = $3, ended_member = $2, ended_at = clock_timestamp()
      WHERE id = $1 AND $2 IN (proposer, partner) AND ended_at IS NULL RETURNING ${COLUMNS}`,
    [id, member, actor],
  );
  return rows[0];
}
