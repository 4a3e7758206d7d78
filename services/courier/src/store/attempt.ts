import type { Queryable } from "@suar/runtime";

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

export type AttemptRow = {
  id: number;
  message_id: string;
  seq: number | null;
  type: string;
  number: number;
  at: Date;
  duration_ms: number;
  status: number | null;
  outcome: NewAttempt["outcome"];
  problem: string | null;
  next_at: Date | null;
};

const COLUMNS = "id, message_id, seq, type, number, at, duration_ms, status, outcome, problem, next_at";

export async function insertAttempts(
  db: Queryable,
  endpointId: string,
  attempts: readonly NewAttempt[],
): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    `INSERT INTO attempt (endpoint_id, message_id, seq, type, number, at, duration_ms, status, outcome, problem, next_at)
     SELECT $1, a.* FROM unnest($2::text[], $3::bigint[], $4::text[], $5::int[], $6::timestamptz[], $7::int[], $8::int[], $9::text[], $10::text[], $11::timestamptz[]) AS a
     RETURNING ${COLUMNS}`,
    [
      endpointId,
      attempts.map((one) => one.messageId),
      attempts.map((one) => one.seq),
      attempts.map((one) => one.type),
      attempts.map((one) => one.number),
      attempts.map((one) => one.at),
      attempts.map((one) => one.durationMs),
      attempts.map((one) => one.status),
      attempts.map((one) => one.outcome),
      attempts.map((one) => one.problem),
      attempts.map((one) => one.nextAt),
    ],
  );
  return rows;
}

export async function selectAttempts(
  db: Queryable,
  endpointId: string,
  before: number,
  limit: number,
): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    `SELECT ${COLUMNS} FROM attempt WHERE endpoint_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
    [endpointId, before, limit],
  );
  return rows;
}

/** Attempts are kept for 90 days. */
export async function deleteOldAttempts(db: Queryable): Promise<void> {
  await db.query("DELETE FROM attempt WHERE at < now() - interval '90 days'");
}
