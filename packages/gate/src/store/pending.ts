import type { Outcome } from "@suar/policy";
import type { Queryable } from "@suar/runtime";

/** A version that waits for some readers until others agree. */
export type NewPending = {
  stixId: string;
  version: string;
  organisations: readonly number[];
  outcome: Outcome;
  decisionId: number;
};

export type PendingState = "pending" | "approved" | "refused" | "lapsed";

/** One who agreed: who acted, on whose word, in which role, and when. */
export type Approval = { actor: string; word: string; role: string; at: string };

export type PendingRow = {
  id: string;
  producer: number;
  stix_id: string;
  version: string;
  organisations: number[];
  approvers: string[];
  four_eyes: boolean;
  decision_id: number;
  asked_by: string;
  asked_at: Date;
  deadline: Date;
  state: PendingState;
  approvals: Approval[];
  settled_at: Date | null;
  settled_by: string | null;
  reason: string | null;
};

const HOUR_MS = 3_600_000;

/**
 * Asks, for those for whom nobody was asked before: what was refused is not asked again, and what lapsed is. `asked` holds
 * what is asked of whom: the same outcome once.
 */
export async function insertPending(
  db: Queryable,
  { producer, word, now }: { producer: number; word: string; now: number },
  rows: readonly NewPending[],
): Promise<void> {
  await db.query(
    `INSERT INTO pending_release (producer, stix_id, version, organisations, approvers, four_eyes, decision_id, asked_by, deadline)
     SELECT $1, stix_id, version, organisations, approvers, four_eyes, decision_id, $2, deadline
       FROM (SELECT stix_id, version, string_to_array(approvers, ',') AS approvers, four_eyes, decision_id, deadline,
                    ARRAY(SELECT o FROM unnest(string_to_array(asked, ',')::int[]) AS o
                           WHERE NOT EXISTS (SELECT FROM pending_release p
                                              WHERE p.stix_id = n.stix_id AND p.producer = $1 AND p.version = n.version
                                                AND p.decision_id = n.decision_id AND p.state IN ('pending', 'refused')
                                                AND o = ANY (p.organisations))) AS organisations
               FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::int[], $9::timestamptz[])
                 AS n (stix_id, version, asked, approvers, four_eyes, decision_id, deadline)) AS a
      WHERE cardinality(organisations) > 0`,
    [
      producer,
      word,
      rows.map((row) => row.stixId),
      rows.map((row) => row.version),
      rows.map((row) => row.organisations.join()),
      rows.map((row) => row.outcome.approvers.join()),
      rows.map((row) => row.outcome.fourEyes),
      rows.map((row) => row.decisionId),
      rows.map((row) => new Date(now + (row.outcome.deadlineHours ?? LONGEST_HOURS) * HOUR_MS).toISOString()),
    ],
  );
}

/** As long as any policy may have others wait (`deadlineHours`). */
const LONGEST_HOURS = 720;

const ROW = `id, producer, stix_id, version, organisations, approvers, four_eyes, decision_id, asked_by, asked_at, deadline,
  state, approvals, settled_at, settled_by, reason`;

export type PendingQuery = {
  /** One of these has to be among its approvers; undefined: any. */
  approvers?: readonly string[] | undefined;
  producer?: number | undefined;
  state?: PendingState | undefined;
  /** Asked after this moment and, at the same moment, with a later id. */
  after?: { at: Date; id: string } | undefined;
  limit: number;
};

export async function selectPending(
  db: Queryable,
  { approvers, producer, state, after, limit }: PendingQuery,
): Promise<PendingRow[]> {
  const { rows } = await db.query<PendingRow>(
    `SELECT ${ROW} FROM pending_release
      WHERE ($1::text[] IS NULL OR approvers && $1) AND ($2::int IS NULL OR producer = $2)
        AND ($3::text IS NULL OR state = $3) AND ($4::timestamptz IS NULL OR (asked_at, id) > ($4, $5::uuid))
      ORDER BY asked_at, id LIMIT $6`,
    [approvers ?? null, producer ?? null, state ?? null, after?.at ?? null, after?.id ?? null, limit],
  );
  return rows;
}

export async function lockPending(db: Queryable, id: string): Promise<PendingRow | undefined> {
  const { rows } = await db.query<PendingRow>(`SELECT ${ROW} FROM pending_release WHERE id = $1 FOR UPDATE`, [
    id,
  ]);
  return rows[0];
}

export async function noteApproval(db: Queryable, id: string, approval: Approval): Promise<void> {
  await db.query("UPDATE pending_release SET approvals = approvals || $2::jsonb WHERE id = $1", [
    id,
    JSON.stringify([approval]),
  ]);
}

export async function settlePending(
  db: Queryable,
  id: string,
  { state, by, reason }: { state: Exclude<PendingState, "pending">; by: string; reason: string | null },
): Promise<void> {
  await db.query(
    `UPDATE pending_release SET state = $2, settled_at = clock_timestamp(), settled_by = $3, reason = $4
      WHERE id = $1 AND state = 'pending'`,
    [id, state, by, reason],
  );
}

/** What others have agreed to of a version. */
export async function selectApproved(
  db: Queryable,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
): Promise<Pick<PendingRow, "organisations" | "approvers" | "four_eyes" | "decision_id" | "approvals">[]> {
  const { rows } = await db.query<PendingRow>(
    `SELECT organisations, approvers, four_eyes, decision_id, approvals FROM pending_release
      WHERE stix_id = $1 AND producer = $2 AND version = $3 AND state = 'approved' ORDER BY asked_at, id`,
    [stixId, producer, version],
  );
  return rows;
}

/** On whose word a version was submitted, as far as anybody was asked about it or a submission tells. */
export async function selectWord(
  db: Queryable,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
): Promise<string | undefined> {
  const { rows } = await db.query<{ word: string | null }>(
    `SELECT coalesce((SELECT asked_by FROM pending_release WHERE stix_id = o.stix_id AND producer = o.producer
                         AND version = o.version ORDER BY asked_at LIMIT 1),
                     (SELECT coalesce(s.word, s.actor) FROM submission s WHERE s.id = o.submission_id)) AS word
       FROM object_version o WHERE o.stix_id = $1 AND o.producer = $2 AND o.version = $3`,
    [stixId, producer, version],
  );
  return rows[0]?.word ?? undefined;
}

/** Of what is asked for a version, what is not to be asked any more: it was decided anew. */
export async function lapseDecidedAnew(
  db: Queryable,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
  asked: readonly Buffer[],
): Promise<void> {
  await db.query(
    `UPDATE pending_release SET state = 'lapsed', settled_at = clock_timestamp(), reason = 'decided-anew'
      WHERE stix_id = $1 AND producer = $2 AND version = $3 AND state = 'pending'
        AND decision_id NOT IN (SELECT id FROM decision WHERE hash = ANY ($4))`,
    [stixId, producer, version, asked],
  );
}

/** Nobody is asked about what its originator took back. */
export async function lapseWithdrawn(db: Queryable, producer: number, stixId: string): Promise<void> {
  await db.query(
    `UPDATE pending_release SET state = 'lapsed', settled_at = clock_timestamp(), reason = 'withdrawn'
      WHERE stix_id = $1 AND producer = $2 AND state = 'pending'`,
    [stixId, producer],
  );
}

/** Those whose time is over; how many there were. */
export async function lapsePending(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE pending_release SET state = 'lapsed', settled_at = clock_timestamp()
      WHERE state = 'pending' AND deadline <= clock_timestamp()`,
  );
  return rowCount ?? 0;
}
