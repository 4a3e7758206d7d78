import type { RecordOutcome } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

/** How far a submission has come that was posted to a TAXII collection. */
export type TaxiiSubmissionRow = {
  id: string;
  state: "received" | "normalizing" | "done" | "failed";
  /** Objects that were posted. */
  objects: number;
  bytes: number;
  received_at: Date;
  accepted: number;
  merged: number;
  unchanged: number;
  rejected: number;
  problem: { detail: string } | null;
  /** It is done, and the pen has not numbered all of it. */
  unlogged: boolean;
};

/** Undefined for one of another organisation, and for what came another way. */
export async function selectTaxiiSubmission(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<TaxiiSubmissionRow | undefined> {
  const { rows } = await db.query<TaxiiSubmissionRow>(
    `SELECT id, state, (options -> 'taxii' ->> 'objects')::int AS objects, bytes, received_at, accepted, merged,
            unchanged, rejected + rejected_early AS rejected, problem,
            EXISTS (SELECT FROM unsequenced WHERE batch = envelope) AS unlogged
       FROM submission WHERE id = $1 AND organisation_id = $2 AND options ? 'taxii'`,
    [id, organisationId],
  );
  return rows[0];
}

/** What became of a submission's records. */
export async function selectRecordOutcomes(db: Queryable, submissionId: string): Promise<RecordOutcome[]> {
  const { rows } = await db.query<{ records: RecordOutcome[] }>(
    "SELECT records FROM submission_outcome WHERE submission_id = $1 ORDER BY page",
    [submissionId],
  );
  return rows.flatMap(({ records }) => records);
}
