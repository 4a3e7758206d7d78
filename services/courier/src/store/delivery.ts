import { bigintColumn, type Queryable } from "@suar/runtime";

// A row is a post that an endpoint is still owed: what was delivered, or given up, is an attempt and no row.

/** What an endpoint is owed from now on; what it was owed already stays as it is. */
export async function insertDeliveries(
  db: Queryable,
  endpointId: string,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return;
  await db.query(
    "INSERT INTO delivery (endpoint_id, seq) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
    [endpointId, bigintColumn(seqs)],
  );
}

export type Claimed = { seq: number; attempts: number; fence: number };

/**
 * Leases due deliveries: they are nobody else's until the lease ends (`leased_until`), and the fence, which no other
 * lease ever has, tells a late worker that they are no longer its own.
 */
export async function claimDeliveries(
  db: Queryable,
  endpointId: string,
  most: number,
  leaseMs: number,
): Promise<Claimed[]> {
  const { rows } = await db.query<Claimed>(
    `WITH lease AS MATERIALIZED (SELECT nextval('delivery_fence') AS fence)
     UPDATE delivery d SET leased_until = now() + $3 * interval '1 millisecond', fence = lease.fence
       FROM lease, (SELECT seq FROM delivery WHERE endpoint_id = $1 AND due_at <= now() AND leased_until <= now()
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
    `UPDATE delivery d SET leased_until = now() + $4 * interval '1 millisecond'
       FROM unnest($2::bigint[], $3::bigint[]) AS l (seq, fence)
      WHERE d.endpoint_id = $1 AND d.seq = l.seq AND d.fence = l.fence
      RETURNING d.seq`,
    [
      endpointId,
      bigintColumn(claimed.map(({ seq }) => seq)),
      bigintColumn(claimed.map(({ fence }) => fence)),
      leaseMs,
    ],
  );
  return rows.map(({ seq }) => seq);
}

/** A delivery after its post: due again in so many milliseconds, or owed no longer. */
export type Settled = { seq: number; fence: number; attempts: number; dueInMs: number | null };

/**
 * Writes how deliveries ended, and ends their leases, so that a renewal that comes late changes nothing. Those
 * that another worker has leased since are left alone; the seqs that were written.
 */
export async function settleDeliveries(
  db: Queryable,
  endpointId: string,
  settled: readonly Settled[],
): Promise<Set<number>> {
  const { rows } = await db.query<{ seq: number }>(
    `WITH s AS (
            SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS s (seq, fence, attempts, due_in)),
          ended AS (
            DELETE FROM delivery d USING s
             WHERE d.endpoint_id = $1 AND d.seq = s.seq AND d.fence = s.fence AND s.due_in IS NULL
             RETURNING d.seq),
          owed AS (
            UPDATE delivery d SET attempts = s.attempts, fence = ${NOBODY}, leased_until = '-infinity', due_at = now() + s.due_in * interval '1 millisecond'
              FROM s WHERE d.endpoint_id = $1 AND d.seq = s.seq AND d.fence = s.fence AND s.due_in IS NOT NULL
             RETURNING d.seq)
     SELECT seq FROM ended UNION ALL SELECT seq FROM owed`,
    [
      endpointId,
      bigintColumn(settled.map((one) => one.seq)),
      bigintColumn(settled.map((one) => one.fence)),
      bigintColumn(settled.map((one) => one.attempts)),
      bigintColumn(settled.map(({ dueInMs }) => (dueInMs === null ? null : Math.round(dueInMs)))),
    ],
  );
  return new Set(rows.map(({ seq }) => seq));
}

/** The fence of what nobody has leased. */
const NOBODY = 0;

export async function countWaiting(
  db: Queryable,
  endpointIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ endpoint_id: string; waiting: number }>(
    "SELECT endpoint_id, count(*) AS waiting FROM delivery WHERE endpoint_id = ANY($1) GROUP BY endpoint_id",
    [endpointIds],
  );
  return new Map(rows.map((row) => [row.endpoint_id, row.waiting]));
}

/** After a pause what waits is due at once; what a worker is posting is that worker's. */
export async function makeDue(db: Queryable, endpointId: string): Promise<void> {
  await db.query("UPDATE delivery SET due_at = now() WHERE endpoint_id = $1 AND due_at > now()", [
    endpointId,
  ]);
}
