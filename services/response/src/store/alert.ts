import type { Filter, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type RuleRow = {
  id: string;
  organisation_id: number;
  name: string;
  filter: Filter;
  after: number;
  created_at: Date;
  created_us: number;
};

const RULE_COLUMNS = `id, organisation_id, name, filter, after, created_at,
  (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

export async function insertRule(
  db: Queryable,
  row: Omit<RuleRow, "created_at" | "created_us" | "after"> & { created_by: string },
): Promise<RuleRow> {
  const { rows } = await db.query<RuleRow>(
    `INSERT INTO alert_rule (id, organisation_id, name, filter, after, created_by)
     SELECT $1, $2, $3, $4, seq, $5 FROM log_head RETURNING ${RULE_COLUMNS}`,
    [row.id, row.organisation_id, row.name, JSON.stringify(row.filter), row.created_by],
  );
  const made = rows[0];
  if (made === undefined) throw new Error("the rule was not written");
  return made;
}

export async function countRules(db: Queryable, organisationId: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM alert_rule WHERE deleted_at IS NULL AND organisation_id = $1",
    [organisationId],
  );
  return rows[0]?.n ?? 0;
}

/** Everybody's. */
export async function selectRules(db: Queryable): Promise<RuleRow[]> {
  const { rows } = await db.query<RuleRow>(
    `SELECT ${RULE_COLUMNS} FROM alert_rule WHERE deleted_at IS NULL ORDER BY created_at, id`,
  );
  return rows;
}

/** An organisation's, newest first, after the given place. */
export async function selectRulesOf(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<RuleRow[]> {
  const { rows } = await db.query<RuleRow>(
    `SELECT ${RULE_COLUMNS} FROM alert_rule
      WHERE deleted_at IS NULL AND organisation_id = $1
        AND (created_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY created_at DESC, id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

export async function deleteRule(db: Queryable, id: string, organisationId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE alert_rule SET deleted_at = now() WHERE id = $1 AND organisation_id = $2 AND deleted_at IS NULL",
    [id, organisationId],
  );
  return rowCount === 1;
}

/** Where matching stands; locked, so that one process matches at a time. Undefined while another one does. */
export async function lockCursor(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ seq: number }>("SELECT seq FROM alert_cursor FOR UPDATE SKIP LOCKED");
  return rows[0]?.seq;
}

export async function moveCursor(db: Queryable, seq: number): Promise<void> {
  await db.query("UPDATE alert_cursor SET seq = $1", [seq]);
}

export type NewAlert = {
  id: string;
  organisationId: number;
  ruleId: string;
  seq: number;
  objectId: string;
  producer: number;
};

export async function insertAlerts(db: Queryable, alerts: readonly NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await db.query(
    `INSERT INTO alert (id, organisation_id, rule_id, seq, object_id, producer)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::bigint[], $5::text[], $6::int[]) ON CONFLICT (rule_id, seq) DO NOTHING`,
    [
      alerts.map((alert) => alert.id),
      alerts.map((alert) => alert.organisationId),
      alerts.map((alert) => alert.ruleId),
      alerts.map((alert) => alert.seq),
      alerts.map((alert) => alert.objectId),
      alerts.map((alert) => alert.producer),
    ],
  );
}

export type QueuedAlert = { id: string; rule: string; seq: number; object_id: string; created_at: Date };

/** Takes queued alerts of an organisation for the length of the transaction. */
export async function takeQueued(
  db: Queryable,
  organisationId: number,
  most: number,
): Promise<QueuedAlert[]> {
  const { rows } = await db.query<QueuedAlert>(
    `SELECT a.id, r.name AS rule, a.seq, a.object_id, a.created_at FROM alert a JOIN alert_rule r ON r.id = a.rule_id
      WHERE a.organisation_id = $1 AND a.state = 'queued' ORDER BY a.seq LIMIT $2 FOR UPDATE OF a SKIP LOCKED`,
    [organisationId, most],
  );
  return rows;
}

export async function markRaised(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query("UPDATE alert SET state = 'raised', raised_at = clock_timestamp() WHERE id = ANY($1)", [
    ids,
  ]);
}

export async function selectOrganisationsWithQueued(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ organisation_id: number }>(
    "SELECT DISTINCT organisation_id FROM alert WHERE state = 'queued'",
  );
  return rows.map((row) => row.organisation_id);
}

export type AlertRow = {
  id: string;
  rule_id: string;
  rule: string;
  state: "queued" | "raised" | "acknowledged";
  seq: number;
  object_id: string;
  producer: number;
  raised_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
};

const ALERT = `SELECT a.id, a.rule_id, r.name AS rule, a.state, a.seq, a.object_id, a.producer, a.raised_at, a.acknowledged_at, a.acknowledged_by
  FROM alert a JOIN alert_rule r ON r.id = a.rule_id`;

/** Newest first, after the given place. */
export async function selectAlerts(
  db: Queryable,
  organisationId: number,
  page: { state: string | undefined; after: ListPlace; limit: number },
): Promise<AlertRow[]> {
  const { rows } = await db.query<AlertRow>(
    `${ALERT} WHERE a.organisation_id = $1 AND ($2::text IS NULL OR a.state = $2)
        AND (a.seq, a.id) < ($3, $4)
      ORDER BY a.seq DESC, a.id DESC LIMIT $5`,
    [organisationId, page.state ?? null, page.after.key, page.after.id, page.limit],
  );
  return rows;
}

export async function selectAlert(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<AlertRow | undefined> {
  return (
    await db.query<AlertRow>(`${ALERT} WHERE a.id = $1 AND a.organisation_id = $2`, [id, organisationId])
  ).rows[0];
}

export async function acknowledge(db: Queryable, id: string, by: string): Promise<void> {
  await db.query(
    "UPDATE alert SET state = 'acknowledged', acknowledged_at = clock_timestamp(), acknowledged_by = $2 WHERE id = $1 AND state = 'raised'",
    [id, by],
  );
}
