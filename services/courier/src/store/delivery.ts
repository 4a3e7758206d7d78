import type { Queryable } from "@suar/runtime";

/** New deliveries of an endpoint; one that was delivered or given up before is sent again (replay). */
export async function insertDeliveries(
  db: Queryable,
  endpointId: string,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return;
  await db.query(
    `INSERT INTO delivery (endpoint_id, seq) SELECT $1, unnest($2::bigint[])
     ON CONFLICT (endpoint_id, seq) DO UPDATE SET state = 'waiting', due_at = now(), attempts = 0 WHERE delivery.state <> 'waiting'`,
    [endpointId, seqs],
  );
}

export type Claimed = { seq: number; attempts: number; fence: number };

/**
 * Leases due deliveries: they are nobody else's until the lease ends (`due_at`), and the fence tells a late
 * worker that they are no longer its own.
 */
export async function claimDeliveries(
  db: Queryable,
  endpointId: string,
  most: number,
  leaseMs: number,
): Promise<Claimed[]> {
  const { rows } = await db.query<Claimed>(
    `UPDATE delivery d SET due_at = now() + $3 * interval '1 millisecond', fence = d.fence + 1
       FROM (SELECT seq FROM delivery WHERE endpoint_id = $1 AND state = 'waiting' AND due_at <= now()
              ORDER BY due_at, seq LIMIT $2 FOR UPDATE SKIP LOCKED) due
      WHERE d.endpoint_id = $1 AND d.seq = due.seq
      RETURNING d.seq, d.attempts, d.fence`,
    [endpointId, most, leaseMs],
  );
  return rows.sort((a, b) => a.seq - b.seq);
}

/** Makes a lease last longer, as far as it is still the asker's; the seqs that are. */
export async function renewLeases(
  db: Queryable,
  endpointId: string,
  claimed: readonly Claimed[],
  leaseMs: number,
): Promise<number[]> {
  const { rows } = await db.query<{ seq: number }>(
    `UPDATE delivery d SET due_at = now() + $4 * interval '1 millisecond'
       FROM unnest($2::bigint[], $3::int[]) AS l (seq, fence)
      WHERE d.endpoint_id = $1 AND d.seq = l.seq AND d.fence = l.fence AND d.state = 'waiting'
      RETURNING d.seq`,
    [endpointId, claimed.map(({ seq }) => seq), claimed.map(({ fence }) => fence), leaseMs],
  );
  return rows.map(({ seq }) => seq);
}

export type Settled = {
  seq: number;
  fence: number;
  state: "waiting" | "delivered" | "exhausted";
  attempts: number;
  dueInMs: number;
};

/**
 * Writes how deliveries ended, and ends their leases: the fence goes on, so that a renewal that comes late
 * changes nothing. Those whose fence went on before are somebody else's; the seqs that were written.
 */
export async function settleDeliveries(
  db: Queryable,
  endpointId: string,
  settled: readonly Settled[],
): Promise<Set<number>> {
  const { rows } = await db.query<{ seq: number }>(
    `UPDATE delivery d SET state = s.state, attempts = s.attempts, fence = d.fence + 1,
            due_at = now() + s.due_in * interval '1 millisecond'
       FROM unnest($2::bigint[], $3::int[], $4::text[], $5::int[], $6::bigint[]) AS s (seq, fence, state, attempts, due_in)
      WHERE d.endpoint_id = $1 AND d.seq = s.seq AND d.fence = s.fence
      RETURNING d.seq`,
    [
      endpointId,
      settled.map((one) => one.seq),
      settled.map((one) => one.fence),
      settled.map((one) => one.state),
      settled.map((one) => one.attempts),
      settled.map((one) => Math.round(one.dueInMs)),
    ],
  );
  return new Set(rows.map(({ seq }) => seq));
}

export async function countWaiting(
  db: Queryable,
  endpointIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ endpoint_id: string; waiting: number }>(
    "SELECT endpoint_id, count(*) AS waiting FROM delivery WHERE endpoint_id = ANY($1) AND state = 'waiting' GROUP BY endpoint_id",
    [endpointIds],
  );
  return new Map(rows.map((row) => [row.endpoint_id, row.waiting]));
}

/** After a pause what waits is due at once. */
export async function makeDue(db: Queryable, endpointId: string): Promise<void> {
  await db.query(
    "UPDATE delivery SET due_at = now() WHERE endpoint_id = $1 AND state = 'waiting' AND due_at > now()",
    [endpointId],
  );
}
