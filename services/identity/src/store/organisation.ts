import type { Queryable } from "@suar/runtime";

export type OrganisationRow = {
  id: number;
  code: string;
  member: string;
  kind: "cert" | "agency";
  name: string;
  sector: string | null;
  status: "active" | "removed";
};
export type MemberRow = OrganisationRow & { languages: string[]; confirmed: boolean };

const COLUMNS = "o.id, o.code, o.member, o.kind, o.name, o.sector, o.status";

const MEMBERS = `SELECT ${COLUMNS}, m.languages, m.confirmed FROM core.member m JOIN core.organisation o ON o.code = m.code`;

/** In the order of their codes, after the given one. */
export async function selectMembers(db: Queryable, after: string, limit: number): Promise<MemberRow[]> {
  const { rows } = await db.query<MemberRow>(`${MEMBERS} WHERE o.code > $1 ORDER BY o.code LIMIT $2`, [
    after,
    limit,
  ]);
  return rows;
}

export async function selectMember(db: Queryable, code: string): Promise<MemberRow | undefined> {
  const { rows } = await db.query<MemberRow>(`${MEMBERS} WHERE o.code = $1`, [code]);
  return rows[0];
}

export async function insertMember(
  db: Queryable,
  member: { code: string; name: string; languages: readonly string[]; confirmed: boolean },
): Promise<void> {
  await db.query(
    "INSERT INTO core.member (code, languages, confirmed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [member.code, member.languages, member.confirmed],
  );
  await db.query(
    "INSERT INTO core.organisation (code, member, kind, name) VALUES ($1, $1, 'cert', $2) ON CONFLICT DO NOTHING",
    [member.code, member.name],
  );
}

/** Removes or restores a member with its agencies; removing revokes all their keys. */
export async function setMemberStatus(
  db: Queryable,
  code: string,
  status: "active" | "removed",
): Promise<boolean> {
  const { rowCount } = await db.query("UPDATE core.organisation SET status = $2 WHERE member = $1", [
    code,
    status,
  ]);
  if (status === "removed") {
    await db.query(
      `UPDATE core.machine_key SET revoked_at = now() WHERE revoked_at IS NULL
          AND organisation_id IN (SELECT id FROM core.organisation WHERE member = $1)`,
      [code],
    );
    await db.query(
      `UPDATE core.person SET status = 'removed'
        WHERE organisation_id IN (SELECT id FROM core.organisation WHERE member = $1)`,
      [code],
    );
  }
  return (rowCount ?? 0) > 0;
}

/** In the order of their codes, after the given one. */
export async function selectAgencies(
  db: Queryable,
  member: string | null,
  after: string,
  limit: number,
): Promise<OrganisationRow[]> {
  const { rows } = await db.query<OrganisationRow>(
    `SELECT ${COLUMNS} FROM core.organisation o
      WHERE kind = 'agency' AND ($1::text IS NULL OR member = $1) AND code > $2 ORDER BY code LIMIT $3`,
    [member, after, limit],
  );
  return rows;
}

/** Undefined when the code is taken. */
export async function insertAgency(
  db: Queryable,
  agency: { code: string; member: string; name: string; sector: string },
): Promise<OrganisationRow | undefined> {
  const { rows } = await db.query<OrganisationRow>(
    `INSERT INTO core.organisation AS o (code, member, kind, name, sector) VALUES ($1, $2, 'agency', $3, $4)
     ON CONFLICT (code) DO NOTHING RETURNING ${COLUMNS}`,
    [agency.code, agency.member, agency.name, agency.sector],
  );
  return rows[0];
}

export async function removeAgency(
  db: Queryable,
  code: string,
  member: string,
): Promise<OrganisationRow | undefined> {
  const { rows } = await db.query<OrganisationRow>(
    `UPDATE core.organisation o SET status = 'removed' WHERE code = $1 AND member = $2 AND kind = 'agency' RETURNING ${COLUMNS}`,
    [code, member],
  );
  const row = rows[0];
  if (row !== undefined)
    await db.query(
      "UPDATE core.machine_key SET revoked_at = now() WHERE organisation_id = $1 AND revoked_at IS NULL",
      [row.id],
    );
  return row;
}

export async function selectOrganisation(db: Queryable, code: string): Promise<OrganisationRow | undefined> {
  return (
    await db.query<OrganisationRow>(
      `SELECT ${COLUMNS} FROM core.organisation o WHERE code = $1 AND status = 'active'`,
      [code],
    )
  ).rows[0];
}
