import type { AdvisoryDraft, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type AdvisoryRow = {
  id: string;
  organisation_id: number;
  stix_id: string;
  state: "draft" | "published" | "withdrawn";
  content: AdvisoryDraft;
  version: number;
  drafted_by: string;
  published_by: string | null;
  published_at: Date | null;
  created_at: Date;
  /** The same in microseconds since 1970, as the column has it. */
  created_us: number;
};

/** A published advisory is withdrawn with its object. */
const STATE = `CASE WHEN state = 'published' AND (SELECT bool_and(v.withdrawn_at IS NOT NULL) FROM object_version v
                                                   WHERE v.stix_id = advisory.stix_id AND v.producer = organisation_id)
                    THEN 'withdrawn' ELSE state END AS state`;
const COLUMNS = `id, organisation_id, stix_id, ${STATE}, content, version, drafted_by, published_by, published_at, created_at,
  (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

export async function insertAdvisory(
  db: Queryable,
  row: Pick<AdvisoryRow, "id" | "organisation_id" | "stix_id" | "content" | "drafted_by">,
): Promise<AdvisoryRow> {
  const { rows } = await db.query<AdvisoryRow>(
    `INSERT INTO advisory (id, organisation_id, stix_id, content, drafted_by)
     VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [row.id, row.organisation_id, row.stix_id, JSON.stringify(row.content), row.drafted_by],
  );
  return one(rows);
}

function one(rows: AdvisoryRow[]): AdvisoryRow {
  const row = rows[0];
  if (row === undefined) throw new Error("the advisory is gone");
  return row;
}

/** Locked for the length of the transaction: edit and publication of one advisory never cross. */
export async function lockAdvisory(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<AdvisoryRow | undefined> {
  return (
    await db.query<AdvisoryRow>(
      `SELECT ${COLUMNS} FROM advisory WHERE id = $1 AND organisation_id = $2 FOR UPDATE`,
      [id, organisationId],
    )
  ).rows[0];
}

export async function selectAdvisory(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<AdvisoryRow | undefined> {
  return (
    await db.query<AdvisoryRow>(`SELECT ${COLUMNS} FROM advisory WHERE id = $1 AND organisation_id = $2`, [
      id,
      organisationId,
    ])
  ).rows[0];
}

/** Newest first, after the given place. */
export async function selectAdvisories(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<AdvisoryRow[]> {
  const { rows } = await db.query<AdvisoryRow>(
    `SELECT ${COLUMNS} FROM advisory
      WHERE organisation_id = $1 AND (created_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY created_at DESC, id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

/** A new version is a draft again, by whoever edited it: another person publishes it. */
export async function updateContent(
  db: Queryable,
  id: string,
  content: AdvisoryDraft,
  by: string,
): Promise<AdvisoryRow> {
  const { rows } = await db.query<AdvisoryRow>(
    `UPDATE advisory SET content = $2, drafted_by = $3, state = 'draft', version = version + 1 WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, JSON.stringify(content), by],
  );
  return one(rows);
}

export async function markPublished(db: Queryable, id: string, by: string, at: Date): Promise<AdvisoryRow> {
  const { rows } = await db.query<AdvisoryRow>(
    `UPDATE advisory SET state = 'published', published_by = $2, published_at = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, by, at],
  );
  return one(rows);
}
