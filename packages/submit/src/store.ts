import type { FormatName } from "@suar/formats";
import type { Queryable } from "@suar/runtime";
import { FLAT_FORMATS } from "./flat.ts";
import type { SubmissionOptions } from "./submission-options.ts";

export type NewSubmission = {
  id: string;
  organisationId: number;
  actor: string;
  word: string | undefined;
  format: FormatName;
  options: SubmissionOptions;
  bytes: number;
  sha256: Buffer;
};

/** The row that makes the chunks a submission, with the last of them. */
export async function insertSubmission(
  db: Queryable,
  row: NewSubmission,
  last: { n: number; bytes: Buffer },
): Promise<void> {
  await db.query(
    `WITH last AS (INSERT INTO submission_chunk (submission_id, n, bytes) VALUES ($1, $8, $9))
     INSERT INTO submission (id, organisation_id, actor, format, options, bytes, sha256, word)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $10)`,
    [
      row.id,
      row.organisationId,
      row.actor,
      row.format,
      JSON.stringify(row.options),
      row.bytes,
      row.sha256,
      last.n,
      last.bytes,
      row.word ?? null,
    ],
  );
}

export async function insertChunk(
  db: Queryable,
  submissionId: string,
  n: number,
  bytes: Buffer,
): Promise<void> {
  await db.query("INSERT INTO submission_chunk (submission_id, n, bytes) VALUES ($1, $2, $3)", [
    submissionId,
    n,
    bytes,
  ]);
}

/** Deletes the chunks of what never became a submission. */
export async function deleteChunks(db: Queryable, id: string): Promise<void> {
  await db.query(
    "DELETE FROM submission_chunk c WHERE submission_id = $1 AND NOT EXISTS (SELECT FROM submission WHERE id = $1)",
    [id],
  );
}

/** Erases the raw bytes of a submission that is done, where they are not to be kept beside what came of them. */
export async function eraseChunks(db: Queryable, id: string): Promise<void> {
  await db.query("DELETE FROM submission_chunk WHERE submission_id = $1", [id]);
}

/** Chunk `n` of a submission's raw bytes; undefined after the last one. */
export async function selectChunk(
  db: Queryable,
  submissionId: string,
  n: number,
): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ bytes: Buffer }>(
    "SELECT bytes FROM submission_chunk WHERE submission_id = $1 AND n = $2",
    [submissionId, n],
  );
  return rows[0]?.bytes;
}

/** Claims an idempotency key; the row that is there already when somebody was faster. */
export async function claimIdempotencyKey(
  db: Queryable,
  claim: { actor: string; key: string; requestHash: Buffer; submissionId: string },
): Promise<{ requestHash: Buffer; submissionId: string } | undefined> {
  // A concurrent claim makes this wait for that transaction's end, so the answer is never half a submission.
  const { rowCount } = await db.query(
    `INSERT INTO idempotency (actor, key, request_hash, submission_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [claim.actor, claim.key, claim.requestHash, claim.submissionId],
  );
  if (rowCount === 1) return undefined;
  const { rows } = await db.query<{ request_hash: Buffer; submission_id: string }>(
    "SELECT request_hash, submission_id FROM idempotency WHERE actor = $1 AND key = $2",
    [claim.actor, claim.key],
  );
  const row = rows[0];
  return row === undefined ? undefined : { requestHash: row.request_hash, submissionId: row.submission_id };
}

/**
 * Whether an organisation has unfinished submissions, from before a place if one is given (`us`: microseconds of its
 * receipt). Flat ones do not count: they state nothing under an id that anybody could know before. Neither do those
 * for people, which state nothing to organisations.
 */
export async function hasUnfinished(
  db: Queryable,
  organisationId: number,
  before?: { us: number; id: string },
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM submission
       WHERE organisation_id = $1 AND state IN ('received', 'normalizing')
         AND ($2::bigint IS NULL OR (received_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3::uuid))
         AND NOT options ? 'people' AND (options->>'kind' = 'incident' OR format <> ALL($4))) AS found`,
    [organisationId, before?.us ?? null, before?.id ?? null, FLAT_FORMATS],
  );
  return rows[0]?.found === true;
}
