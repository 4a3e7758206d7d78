import type { Counts, ListPlace, Loss } from "@suar/contract";
import type { FormatName } from "@suar/formats";
import type { Queryable } from "@suar/runtime";
import type { SubmissionOptions } from "@suar/submit";
import { MOST_LOSSES } from "../normalize/loss-tally.ts";
import { storableJson } from "./outcome.ts";

export type SubmissionRow = {
  id: string;
  organisation_id: number;
  /** Who submitted it, as `actorOf` writes it. */
  actor: string;
  word: string | null;
  state: "received" | "normalizing" | "done" | "failed";
  format: FormatName;
  options: SubmissionOptions;
  bytes: number;
  sha256: Buffer;
  received_at: Date;
  /** The same in microseconds since 1970, as the column has it. */
  received_us: number;
  finished_at: Date | null;
  fence: number;
  staged: number | null;
  released: number;
  records: number;
  accepted: number;
  merged: number;
  unchanged: number;
  rejected: number;
  rejected_early: number;
  losses: Loss[];
  losses_in_all: number;
  problem: { code: string; detail: string } | null;
};

/** Without a sign of life for so long, a worker is taken to be gone. */
const SILENCE_SECONDS = 3;

const COLUMNS = `id, organisation_id, actor, word, state, format, options, bytes, sha256, received_at,
  (extract(epoch FROM received_at) * 1000000)::bigint AS received_us, finished_at, fence, staged, released,
  records, accepted, merged, unchanged, rejected, rejected_early, losses, losses_in_all, problem`;

/**
 * Takes a submission that nobody works on; undefined when it is finished, or a worker gave a sign of life
 * lately. The new fence shuts out whoever held it before. A claim that a crash of the database takes back is made
 * again, so that it need not wait for the disk.
 */
export async function claimSubmission(db: Queryable, id: string): Promise<SubmissionRow | undefined> {
  const { rows } = await db.query<SubmissionRow>(
    `WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true))
     UPDATE submission SET state = 'normalizing', fence = fence + 1, beat_at = clock_timestamp() FROM unhurried
      WHERE id = $1 AND (state = 'received' OR (state = 'normalizing' AND beat_at < clock_timestamp() - $2 * interval '1 second'))
      RETURNING ${COLUMNS}`,
    [id, SILENCE_SECONDS],
  );
  return rows[0];
}

/** A sign of life; false when another worker has taken over. */
export async function beat(db: Queryable, id: string, fence: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE submission SET beat_at = clock_timestamp() WHERE id = $1 AND fence = $2 AND state = 'normalizing'",
    [id, fence],
  );
  return rowCount === 1;
}

/** Gives a submission back, as on shutdown or to wait for another: the next worker need not wait for the silence. */
export async function letGo(db: Queryable, id: string, fence: number): Promise<void> {
  await db.query(
    "UPDATE submission SET state = 'received' WHERE id = $1 AND fence = $2 AND state = 'normalizing'",
    [id, fence],
  );
}

/** Counts a try that ended with an error of ours; how many there were. */
export async function noteFailure(db: Queryable, id: string, fence: number): Promise<number> {
  const { rows } = await db.query<{ failures: number }>(
    "UPDATE submission SET failures = failures + 1 WHERE id = $1 AND fence = $2 RETURNING failures",
    [id, fence],
  );
  return rows[0]?.failures ?? 0;
}

/** What staging found, besides the objects. */
export type StagingTally = {
  records: number;
  rejected: number;
  unchanged: number;
  losses: Loss[];
  lossesInAll: number;
};

/** A step of the release: so many pages, with what became of their records. */
export type Step = {
  from: number;
  to: number;
  counts: Omit<Counts, "records">;
  losses: readonly Loss[];
  /** What staging found, where it is not written yet. */
  tally?: StagingTally | undefined;
  envelope: number | undefined;
  /** Nothing is left to release. */
  done: boolean;
};

/** Moves on in the same transaction as the release; false when the fence is no longer ours. */
export async function advance(db: Queryable, id: string, fence: number, step: Step): Promise<boolean> {
  const { accepted, merged, rejected } = step.counts;
  const { tally } = step;
  const unchanged = step.counts.unchanged + (tally?.unchanged ?? 0);
  const { rowCount } = await db.query(
    `UPDATE submission SET released = $4, accepted = accepted + $5, merged = merged + $6, unchanged = unchanged + $7,
            rejected = rejected + $8, losses_in_all = coalesce($14, losses_in_all) + $9,
            losses = coalesce($15, losses)
              || CASE WHEN jsonb_array_length(coalesce($15, losses)) + $9 <= $11 THEN $10::jsonb ELSE '[]' END,
            records = coalesce($12, records), rejected_early = coalesce($13, rejected_early),
            envelope = coalesce($16, envelope), beat_at = clock_timestamp(),
            state = CASE WHEN $17 THEN 'done' ELSE state END, failures = 0,
            finished_at = CASE WHEN $17 THEN clock_timestamp() ELSE finished_at END
      WHERE id = $1 AND fence = $2 AND released = $3 AND state = 'normalizing'`,
    [
      id,
      fence,
      step.from,
      step.to,
      accepted,
      merged,
      unchanged,
      rejected,
      step.losses.length,
      storableJson(step.losses),
      MOST_LOSSES,
      tally?.records ?? null,
      tally?.rejected ?? null,
      tally?.lossesInAll ?? null,
      tally === undefined ? null : storableJson(tally.losses),
      step.envelope ?? null,
      step.done,
    ],
  );
  return rowCount === 1;
}

/** What of some records was counted, one outcome after the other, and what became of them in the end. */
export type Recount = {
  before: Omit<Counts, "records">;
  settled: Omit<Counts, "records">;
  /** Of those counted, so many were rejected while staging. */
  rejectedEarly: number;
};

/** Counts records once that were counted with each of their outcomes. */
export async function recount(
  db: Queryable,
  id: string,
  fence: number,
  { before, settled, rejectedEarly }: Recount,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET accepted = accepted + $3, merged = merged + $4, unchanged = unchanged + $5,
            rejected = rejected + $6, rejected_early = rejected_early - $7
      WHERE id = $1 AND fence = $2`,
    [
      id,
      fence,
      settled.accepted - before.accepted,
      settled.merged - before.merged,
      settled.unchanged - before.unchanged,
      settled.rejected - before.rejected + rejectedEarly,
      rejectedEarly,
    ],
  );
  return rowCount === 1;
}

/** Ends a submission that cannot be taken as a whole; false when the fence is no longer ours. */
export async function failSubmission(
  db: Queryable,
  id: string,
  fence: number,
  problem: { code: string; detail: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET state = 'failed', problem = $3, finished_at = clock_timestamp()
      WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [id, fence, storableJson(problem)],
  );
  return rowCount === 1;
}

/** An organisation's oldest submissions that a worker has taken and let go. */
export async function selectLetGo(
  db: Queryable,
  organisationId: number,
  most: number,
): Promise<{ id: string; fence: number }[]> {
  const { rows } = await db.query<{ id: string; fence: number }>(
    `SELECT id, fence FROM submission WHERE organisation_id = $1 AND state = 'received' AND fence > 0
      ORDER BY received_at, id LIMIT $2`,
    [organisationId, most],
  );
  return rows;
}

/** Unfinished submissions without a sign of life: a crash or a lost wake forgot them. */
export async function selectForgotten(db: Queryable, most: number): Promise<{ id: string; fence: number }[]> {
  const { rows } = await db.query<{ id: string; fence: number }>(
    `SELECT id, fence FROM submission
      WHERE state IN ('received', 'normalizing') AND beat_at < clock_timestamp() - $1 * interval '1 second'
      ORDER BY received_at LIMIT $2`,
    [SILENCE_SECONDS, most],
  );
  return rows;
}

// "Done" is said when what was released can be read: when the pen has taken the last envelope.
const SHOWN = `SELECT ${COLUMNS}, state = 'done' AND EXISTS
    (SELECT FROM unsequenced WHERE batch = envelope) AS unlogged FROM submission`;

export type ShownSubmission = SubmissionRow & { unlogged: boolean };

/** Whose submissions somebody may see: the organisation's, and of what is TLP:RED one's own. */
export type SubmissionScope = { organisationId: number; actor: string };

const IN_SCOPE = `organisation_id = $1
    AND (actor = $2 OR NOT (options ? 'people' OR coalesce(problem ->> 'code' = 'red-needs-people', false)))`;

export async function selectSubmission(
  db: Queryable,
  id: string,
  { organisationId, actor }: SubmissionScope,
): Promise<ShownSubmission | undefined> {
  const { rows } = await db.query<ShownSubmission>(`${SHOWN} WHERE ${IN_SCOPE} AND id = $3`, [
    organisationId,
    actor,
    id,
  ]);
  return rows[0];
}

/** Newest first, after the given place. */
export async function selectSubmissions(
  db: Queryable,
  { organisationId, actor }: SubmissionScope,
  after: ListPlace,
  limit: number,
): Promise<ShownSubmission[]> {
  const { rows } = await db.query<ShownSubmission>(
    `${SHOWN}
      WHERE ${IN_SCOPE} AND (received_at, id) < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4)
      ORDER BY received_at DESC, id DESC LIMIT $5`,
    [organisationId, actor, after.key, after.id, limit],
  );
  return rows;
}

/** How much of what an organisation's sources pulled waits to be normalized. */
export async function countPulledUnfinished(db: Queryable, organisationId: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*) AS n FROM submission
      WHERE organisation_id = $1 AND state IN ('received', 'normalizing') AND options ? 'origin'`,
    [organisationId],
  );
  return rows[0]?.n ?? 0;
}

/** Deletes chunks that never became a submission (the line broke), after a day. */
export async function deleteOrphanChunks(db: Queryable): Promise<void> {
  await db.query(
    `DELETE FROM submission_chunk c WHERE created_at < now() - interval '1 day'
        AND NOT EXISTS (SELECT FROM submission s WHERE s.id = c.submission_id)`,
  );
}
