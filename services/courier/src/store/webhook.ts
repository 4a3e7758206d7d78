import type { Filter, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";
import type { StoredSecret } from "../signature.ts";

export type WebhookRow = {
  id: string;
  organisation_id: number;
  url: string;
  description: string;
  filter: Filter;
  state: "active" | "paused" | "disabled";
  state_reason: string | null;
  secrets: StoredSecret[];
  cursor: number;
  failures: number;
  failing_since: Date | null;
  resting_until: Date | null;
  created_at: Date;
  created_us: number;
};

const COLUMNS = `id, organisation_id, url, description, filter, state, state_reason, secrets, cursor, failures, failing_since,
  resting_until, created_at, (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

export type NewWebhook = Pick<
  WebhookRow,
  "id" | "organisation_id" | "url" | "description" | "filter" | "secrets" | "cursor"
> & { created_by: string };

export async function insertWebhook(db: Queryable, row: NewWebhook): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `INSERT INTO webhook (id, organisation_id, url, description, filter, secrets, cursor, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
    [
      row.id,
      row.organisation_id,
      row.url,
      row.description,
      JSON.stringify(row.filter),
      JSON.stringify(row.secrets),
      row.cursor,
      row.created_by,
    ],
  );
  return one(rows);
}

function one(rows: WebhookRow[]): WebhookRow {
  const row = rows[0];
  if (row === undefined) throw new Error("the webhook is gone");
  return row;
}

export async function countWebhooks(db: Queryable, organisationId: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM webhook WHERE organisation_id = $1",
    [organisationId],
  );
  return rows[0]?.n ?? 0;
}

/** Newest first, after the given place. */
export async function selectWebhooks(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(
    `SELECT ${COLUMNS} FROM webhook
      WHERE organisation_id = $1 AND (created_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY created_at DESC, id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

export async function selectWebhook(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<WebhookRow | undefined> {
  return (
    await db.query<WebhookRow>(`SELECT ${COLUMNS} FROM webhook WHERE id = $1 AND organisation_id = $2`, [
      id,
      organisationId,
    ])
  ).rows[0];
}

/** Active endpoints, and whether a delivery of theirs is due. */
export async function selectActive(db: Queryable): Promise<{ id: string; cursor: number; due: boolean }[]> {
  const { rows } = await db.query<{ id: string; cursor: number; due: boolean }>(
    `SELECT id, cursor, (resting_until IS NULL OR resting_until <= now()) AND EXISTS
              (SELECT FROM delivery d WHERE d.endpoint_id = w.id AND d.due_at <= now() AND d.leased_until <= now()) AS due
       FROM webhook w WHERE state = 'active' ORDER BY id`,
  );
  return rows;
}

/** Nobody of an organisation that was removed is posted to; one that comes back says so again for each endpoint. */
export async function disableOfRemoved(db: Queryable): Promise<void> {
  await db.query(
    `UPDATE webhook SET state = 'disabled', state_reason = 'the organisation was removed'
      WHERE state <> 'disabled' AND organisation_id NOT IN (SELECT id FROM core.directory)`,
  );
}

/** Takes an endpoint for the length of the transaction; undefined while another process has it. */
export async function lockWebhook(db: Queryable, id: string): Promise<WebhookRow | undefined> {
  return (
    await db.query<WebhookRow>(
      `SELECT ${COLUMNS} FROM webhook WHERE id = $1 AND state = 'active' FOR NO KEY UPDATE SKIP LOCKED`,
      [id],
    )
  ).rows[0];
}

/** Undefined also where its organisation was removed. */
export async function selectById(db: Queryable, id: string): Promise<WebhookRow | undefined> {
  const { rows } = await db.query<WebhookRow>(
    `SELECT ${COLUMNS} FROM webhook WHERE id = $1 AND organisation_id IN (SELECT id FROM core.directory)`,
    [id],
  );
  return rows[0];
}

export async function moveCursor(db: Queryable, id: string, cursor: number): Promise<void> {
  await db.query("UPDATE webhook SET cursor = $2 WHERE id = $1", [id, cursor]);
}

/** Sets the cursor back, never forward: the dispatcher may be moving it meanwhile. */
export async function rewindCursor(db: Queryable, id: string, to: number): Promise<void> {
  await db.query("UPDATE webhook SET cursor = least(cursor, $2) WHERE id = $1", [id, to]);
}

export type Change = {
  url?: string | undefined;
  description?: string | undefined;
  filter?: Filter | undefined;
};

export async function updateWebhook(db: Queryable, id: string, change: Change): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `UPDATE webhook SET url = coalesce($2, url), description = coalesce($3, description), filter = coalesce($4::jsonb, filter) WHERE id = $1 RETURNING ${COLUMNS}`,
    [
      id,
      change.url ?? null,
      change.description ?? null,
      change.filter === undefined ? null : JSON.stringify(change.filter),
    ],
  );
  return one(rows);
}

/** Pauses, resumes or disables. Resuming closes the breaker and makes what waits due now. */
export async function setState(
  db: Queryable,
  id: string,
  state: WebhookRow["state"],
  reason: string | null,
): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `UPDATE webhook SET state = $2, state_reason = $3,
            failures = CASE WHEN $2 = 'active' THEN 0 ELSE failures END,
            failing_since = CASE WHEN $2 = 'active' THEN NULL ELSE failing_since END,
            resting_until = CASE WHEN $2 = 'active' THEN NULL ELSE resting_until END
      WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, state, reason],
  );
  return one(rows);
}

export async function setSecrets(
  db: Queryable,
  id: string,
  secrets: readonly StoredSecret[],
): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `UPDATE webhook SET secrets = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, JSON.stringify(secrets)],
  );
  return one(rows);
}

export async function deleteWebhook(db: Queryable, id: string): Promise<void> {
  await db.query("DELETE FROM webhook WHERE id = $1", [id]);
}

/** Ends a rest after a post that succeeded; false when the breaker was closed. */
export async function closeBreaker(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE webhook SET failures = 0, failing_since = NULL, resting_until = NULL WHERE id = $1 AND resting_until IS NOT NULL",
    [id],
  );
  return rowCount === 1;
}

/** Notes how a round of posts went for the endpoint as a whole. */
export async function noteHealth(
  db: Queryable,
  id: string,
  health: { failures: number; failingSince: Date | null; restMs: number },
): Promise<void> {
  await db.query(
    `UPDATE webhook SET failures = $2, failing_since = $3,
            resting_until = CASE WHEN $4::int > 0 THEN now() + $4::int * interval '1 millisecond' END
      WHERE id = $1`,
    [id, health.failures, health.failingSince, Math.round(health.restMs)],
  );
}
