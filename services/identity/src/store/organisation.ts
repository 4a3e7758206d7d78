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

/** False where there is no such member, or it was removed. */
export async function updateDomains(
  db: Queryable,
  member: string,
  domains: readonly string[],
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE core.member m SET domains = $2 FROM core.organisation o
      WHERE m.code = $1 AND o.code = m.code AND o.status = 'active'`,
    [member, domains],
  );
  return (rowCount ?? 0) > 0;
}

/** A member and those agencies that it still has; the ids of what was not removed before. */
export async function removeMemberOrganisations(db: Queryable, member: string): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `UPDATE core.organisation SET status = 'removed', removed_with_member = true
      WHERE member = $1 AND status = 'active' RETURNING id`,
    [member],
  );
  return rows.map(({ id }) => id);
}

/** A member and the agencies removed together with it; false when it was not removed. */
export async function restoreMemberOrganisations(db: Queryable, member: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE core.organisation SET status = 'active', removed_with_member = false
      WHERE member = $1 AND removed_with_member`,
    [member],
  );
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

/** An agency, or one that was removed, begun again: without its people and keys. Undefined when the code is taken. */
export async function insertAgency(
  db: Queryable,
  agency: { code: string; member: string; name: string; sector: string },
): Promise<OrganisationRow | undefined> {
  const { rows } = await db.query<OrganisationRow>(
    `INSERT INTO core.organisation AS o (code, member, kind, name, sector) VALUES ($1, $2, 'agency', $3, $4)
     ON CONFLICT (code) DO UPDATE SET status = 'active', removed_with_member = false, name = $3, sector = $4
       WHERE o.status = 'removed' RETURNING ${COLUMNS}`,
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
  return rows[0];
}

export async function selectOrganisation(db: Queryable, code: string): Promise<OrganisationRow | undefined> {
  return (
    await db.query<OrganisationRow>(
      `SELECT ${COLUMNS} FROM core.organisation o WHERE code = $1 AND status = 'active'`,
      [code],
    )
  ).rows[0];
}

/**
 * An active organisation that stays so until the transaction ends: a removal waits, and then finds what was
 * issued meanwhile. Whoever issues something in an organisation holds it first.
 */
export async function holdOrganisation(db: Queryable, code: string): Promise<OrganisationRow | undefined> {
  const { rows } = await db.query<OrganisationRow>(
    `SELECT ${COLUMNS} FROM core.organisation o WHERE code = $1 AND status = 'active' FOR SHARE`,
    [code],
  );
  return rows[0];
}

export type GroupRow = { code: string; name: string; members: string[] };

/** In the order of their codes, after the given one. */
export async function selectGroups(db: Queryable, after: string, limit: number): Promise<GroupRow[]> {
  const { rows } = await db.query<GroupRow>(
    "SELECT code, name, members FROM core.recipient_group WHERE code > $1 ORDER BY code LIMIT $2",
    [after, limit],
  );
  return rows;
}

export async function insertGroup(
  db: Queryable,
  { code, name, members }: GroupRow,
  seal: Buffer,
): Promise<void> {
  await db.query("INSERT INTO core.recipient_group (code, name, members, seal) VALUES ($1, $2, $3, $4)", [
    code,
    name,
    members,
    seal,
  ]);
}

/** One of before there were seals, where it is the same. */
export async function sealSameGroup(
  db: Queryable,
  { code, name, members }: GroupRow,
  seal: Buffer,
): Promise<void> {
  await db.query(
    "UPDATE core.recipient_group SET seal = $4 WHERE code = $1 AND name = $2 AND members = $3 AND seal IS NULL",
    [code, name, members, seal],
  );
}

export async function insertSector(
  db: Queryable,
  { code, name }: { code: string; name: string },
): Promise<void> {
  await db.query("INSERT INTO core.sector (code, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", [code, name]);
}
