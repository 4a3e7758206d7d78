import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";

export type NewAttempt = {
  messageId: string;
  seq: number | null;
  type: string;
  number: number;
  at: Date;
  durationMs: number;
  status: number | null;
  outcome: "delivered" | "retrying" | "exhausted";
  problem: string | null;
  nextAt: Date | null;
};

export type AttemptRow = NewAttempt & { id: number };

/** Their ids, in their order. */
export async function insertAttempts(
  db: Queryable,
  endpointId: string,
  attempts: readonly NewAttempt[],
): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO attempt (endpoint_id, message_id, seq, type, number, at, duration_ms, status, outcome, problem, next_at)
     SELECT $1, message_id, seq, type, number, at::timestamptz, duration_ms, status, outcome, problem, next_at::timestamptz
       FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[],
                   $9::text[], $10::text[], $11::text[])
         AS a (message_id, seq, type, number, at, duration_ms, status, outcome, problem, next_at)
     RETURNING id`,
    [
      endpointId,
      textColumn(attempts.map((one) => one.messageId)),
      bigintColumn(attempts.map((one) => one.seq)),
      textColumn(attempts.map((one) => one.type)),
      bigintColumn(attempts.map((one) => one.number)),
      textColumn(attempts.map((one) => one.at.toISOString())),
      bigintColumn(attempts.map((one) => one.durationMs)),
      bigintColumn(attempts.map((one) => one.status)),
      textColumn(attempts.map((one) => one.outcome)),
      textColumn(attempts.map((one) => one.problem)),
      textColumn(attempts.map((one) => one.nextAt?.toISOString() ?? null)),
    ],
  );
  return rows.map(({ id }) => id);
}

/**
 * The newest first. The last try of what is still owed tells when that is due by now: a rest, or its end, may have
 * moved it since.
 */
export async function selectAttempts(
  db: Queryable,
  endpointId: string,
  before: number,
  limit: number,
): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    `SELECT a.id, a.message_id AS "messageId", a.seq, a.type, a.number, a.at, a.duration_ms AS "durationMs", a.status,
            a.outcome, a.problem,
            CASE WHEN a.next_at IS NULL OR d.seq IS NULL THEN a.next_at ELSE greatest(d.due_at, w.resting_until) END AS "nextAt"
       FROM attempt a JOIN webhook w ON w.id = a.endpoint_id
       LEFT JOIN delivery d ON d.endpoint_id = a.endpoint_id AND d.seq = a.seq AND d.attempts = a.number
      WHERE a.endpoint_id = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3`,
    [endpointId, before, limit],
  );
  return rows;
}

/** What went wrong at each endpoint's last attempt, where something did. */
export async function selectLastProblems(
  db: Queryable,
  endpointIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ endpoint_id: string; problem: string }>(
    `SELECT endpoint_id, problem
       FROM unnest($1::uuid[]) AS e (id),
            LATERAL (SELECT endpoint_id, problem FROM attempt WHERE endpoint_id = e.id ORDER BY id DESC LIMIT 1) last
      WHERE problem IS NOT NULL`,
    [endpointIds],
  );
  return new Map(rows.map((row) => [row.endpoint_id, row.problem]));
}

/** Attempts are kept for 90 days. */
export async function deleteOldAttempts(db: Queryable): Promise<void> {
  await db.query("DELETE FROM attempt WHERE at < now() - interval '90 days'");
}
