import type { Counts, ListPlace, Loss } from "@suar/contract";
import type { FormatName } from "@suar/formats";
import type { Queryable } from "@suar/runtime";
import type { SubmissionOptions } from "@suar/submit";
import { MOST_LOSSES } from "../loss-tally.ts";
import { storableJson } from "./outcome.ts";

export type SubmissionRow = {
  id: string;
  organisation_id: number;
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

const COLUMNS = `id, organisation_id, state, format, options, bytes, sha256, received_at,
  (extract(epoch FROM received_at) * 1000000)::bigint AS received_us, finished_at, fence, staged, released,
  records, accepted, merged, unchanged, rejected, rejected_early, losses, losses_in_all, problem`;

/**
 * Takes a submission that nobody works on; undefined when it is finished, or a worker gave a sign of life
 * lately. The new fence shuts out whoever held it before.
 */
export async function claimSubmission(db: Queryable, id: string): Promise<SubmissionRow | undefined> {
  const { rows } = await db.query<SubmissionRow>(
    `UPDATE submission SET state = 'normalizing', fence = fence + 1, beat_at = clock_timestamp()
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

/** Gives a submission back, as on shutdown: the next worker need not wait for the silence. */
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

export type Progress = { released: number; counts: Omit<Counts, "records">; losses: readonly Loss[] };

/** Moves on in the same transaction as the release; false when the fence is no longer ours. */
export async function advance(
  db: Queryable,
  id: string,
  fence: number,
  from: number,
  progress: Progress,
): Promise<boolean> {
  const { accepted, merged, unchanged, rejected } = progress.counts;
  const { rowCount } = await db.query(
    `UPDATE submission SET released = $4, accepted = accepted + $5, merged = merged + $6, unchanged = unchanged + $7,
            rejected = rejected + $8, losses_in_all = losses_in_all + $9,
            losses = CASE WHEN jsonb_array_length(losses) + $9 <= $11 THEN losses || $10 ELSE losses END,
            beat_at = clock_timestamp()
      WHERE id = $1 AND fence = $2 AND released = $3 AND state = 'normalizing'`,
    [
      id,
      fence,
      from,
      progress.released,
      accepted,
      merged,
      unchanged,
      rejected,
      progress.losses.length,
      storableJson(progress.losses),
      MOST_LOSSES,
    ],
  );
  return rowCount === 1;
}

/** Sets the counts anew: of all records, those rejected while staging among them. */
export async function recount(
  db: Queryable,
  id: string,
  fence: number,
  { accepted, merged, unchanged, rejected }: Omit<Counts, "records">,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET accepted = $3, merged = $4, unchanged = $5, rejected = $6, rejected_early = 0
      WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [id, fence, accepted, merged, unchanged, rejected],
  );
  return rowCount === 1;
}

export type StagingResult = {
  staged: number;
  records: number;
  rejected: number;
  losses: readonly Loss[];
  lossesInAll: number;
};

/** Notes that everything is staged; counts of an earlier try are replaced. */
export async function finishStaging(
  db: Queryable,
  id: string,
  fence: number,
  result: StagingResult,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET staged = $3, records = $4, rejected_early = $5, losses = $6, losses_in_all = $7, beat_at = clock_timestamp()
      WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [
      id,
      fence,
      result.staged,
      result.records,
      result.rejected,
      storableJson(result.losses),
      result.lossesInAll,
    ],
  );
  return rowCount === 1;
}

export async function finishSubmission(
  db: Queryable,
  id: string,
  fence: number,
  problem: { code: string; detail: string } | null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET state = $3, problem = $4, finished_at = clock_timestamp() WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [id, fence, problem === null ? "done" : "failed", problem === null ? null : storableJson(problem)],
  );
  return rowCount === 1;
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

export async function selectSubmission(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<SubmissionRow | undefined> {
  const { rows } = await db.query<SubmissionRow>(
    `SELECT ${COLUMNS} FROM submission WHERE id = $1 AND organisation_id = $2`,
    [id, organisationId],
  );
  return rows[0];
}

/** An organisation's submissions, newest first, after the given place. */
export async function selectSubmissions(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<SubmissionRow[]> {
  const { rows } = await db.query<SubmissionRow>(
    `SELECT ${COLUMNS} FROM submission
      WHERE organisation_id = $1 AND (received_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY received_at DESC, id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

/** Deletes chunks that never became a submission (the line broke), after a day. */
export async function deleteOrphanChunks(db: Queryable): Promise<void> {
  await db.query(
    `DELETE FROM submission_chunk c WHERE created_at < now() - interval '1 day'
        AND NOT EXISTS (SELECT FROM submission s WHERE s.id = c.submission_id)`,
  );
}

/** The newest envelope that waits for the pen; undefined when none does. */
export async function selectLastWaiting(db: Queryable): Promise<number | undefined> {
  return (
    (await db.query<{ batch: number | null }>("SELECT max(batch) AS batch FROM unsequenced")).rows[0]
      ?.batch ?? undefined
  );
}

export async function isStillWaiting(db: Queryable, batch: number): Promise<boolean> {
  return (await db.query("SELECT FROM unsequenced WHERE batch <= $1 LIMIT 1", [batch])).rowCount === 1;
}
