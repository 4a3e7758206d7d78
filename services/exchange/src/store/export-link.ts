import type { ExportLink, Filter, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type ExportLinkRow = {
  id: string;
  name: string;
  format: ExportLink["format"];
  filter: Filter;
  made_by: string;
  created_at: Date;
  created_us: number;
  expires_at: Date;
  revoked_at: Date | null;
  rotated_at: Date | null;
  last_used_at: Date | null;
};

// One that ends with what made it has ended with that, whatever its own time says.
const SELECT = `SELECT k.id, k.label AS name, l.format, l.filter, l.made_by, k.created_at,
    (extract(epoch FROM k.created_at) * 1000000)::bigint AS created_us,
    k.expires_at, coalesce(k.revoked_at, m.revoked_at) AS revoked_at, l.rotated_at, l.last_used_at
  FROM core.export_link l JOIN core.machine_key k ON k.id = l.key_id LEFT JOIN core.machine_key m ON m.id = k.made_with`;

/** One organisation's, newest first, after the given place. */
export async function selectExportLinks(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<ExportLinkRow[]> {
  const { rows } = await db.query<ExportLinkRow>(
    `${SELECT} WHERE k.organisation_id = $1
        AND (k.created_at, k.id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY k.created_at DESC, k.id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

export async function selectExportLink(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<ExportLinkRow | undefined> {
  const { rows } = await db.query<ExportLinkRow>(`${SELECT} WHERE k.id = $1 AND k.organisation_id = $2`, [
    id,
    organisationId,
  ]);
  return rows[0];
}

/** The same, and nobody ends or rotates it until the transaction ends. */
export async function lockExportLink(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<ExportLinkRow | undefined> {
  const { rows } = await db.query<ExportLinkRow>(
    `${SELECT} WHERE k.id = $1 AND k.organisation_id = $2 FOR UPDATE OF k, l`,
    [id, organisationId],
  );
  return rows[0];
}

/** An organisation's links that are good, and those of them that have no successor. */
export async function countExportLinks(
  db: Queryable,
  organisationId: number,
): Promise<{ good: number; standing: number }> {
  const { rows } = await db.query<{ good: number; standing: number }>(
    `SELECT count(*) AS good, count(*) FILTER (WHERE l.rotated_at IS NULL) AS standing
       FROM core.export_link l JOIN core.machine_key k ON k.id = l.key_id LEFT JOIN core.machine_key m ON m.id = k.made_with
      WHERE k.organisation_id = $1 AND k.revoked_at IS NULL AND k.expires_at > now()
        AND m.revoked_at IS NULL AND coalesce(m.expires_at > now(), true)`,
    [organisationId],
  );
  return rows[0] ?? { good: 0, standing: 0 };
}

export type NewExportLink = { keyId: string; format: ExportLink["format"]; filter: Filter; madeBy: string };

export async function insertExportLink(db: Queryable, link: NewExportLink): Promise<void> {
  await db.query("INSERT INTO core.export_link (key_id, format, filter, made_by) VALUES ($1, $2, $3, $4)", [
    link.keyId,
    link.format,
    JSON.stringify(link.filter),
    link.madeBy,
  ]);
}

/** To the minute: a device that polls every second writes no more than that. */
export async function noteUse(db: Queryable, id: string): Promise<void> {
  await db.query(
    `UPDATE core.export_link SET last_used_at = now()
      WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [id],
  );
}

export async function noteRotation(db: Queryable, id: string): Promise<void> {
  await db.query("UPDATE core.export_link SET rotated_at = now() WHERE key_id = $1", [id]);
}

/**
 * Nobody removes the organisation, nor makes another link in it, until the transaction ends; false where it was removed. A
 * removal takes it first too: whoever waits never waits in a circle.
 */
export async function holdOrganisation(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM core.organisation WHERE id = $1 AND status = 'active' FOR NO KEY UPDATE",
    [id],
  );
  return rowCount === 1;
}

/** Nobody removes the person until the transaction ends; false where somebody has. */
export async function holdPerson(db: Queryable, id: string, organisationId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM core.person WHERE id = $1 AND organisation_id = $2 AND status = 'active' FOR SHARE",
    [id, organisationId],
  );
  return rowCount === 1;
}
