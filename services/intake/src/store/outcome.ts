import type { RecordOutcome } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

/** Pages of outcomes: rejected drafts of staging below this, releases from here on. */
export const FIRST_RELEASE_PAGE = 1_000_000;

export async function insertOutcomes(
  db: Queryable,
  submissionId: string,
  page: number,
  records: readonly RecordOutcome[],
): Promise<void> {
  if (records.length === 0) return;
  await db.query("INSERT INTO submission_outcome (submission_id, page, records) VALUES ($1, $2, $3)", [
    submissionId,
    page,
    JSON.stringify(records),
  ]);
}

/** Forgets what an interrupted staging wrote. */
export async function deleteStagingOutcomes(db: Queryable, submissionId: string): Promise<void> {
  await db.query("DELETE FROM submission_outcome WHERE submission_id = $1 AND page < $2", [
    submissionId,
    FIRST_RELEASE_PAGE,
  ]);
}

export type OutcomePage = { page: number; records: RecordOutcome[] };

export async function selectOutcomes(
  db: Queryable,
  submissionId: string,
  fromPage: number,
  pages: number,
): Promise<OutcomePage[]> {
  const { rows } = await db.query<OutcomePage>(
    "SELECT page, records FROM submission_outcome WHERE submission_id = $1 AND page >= $2 ORDER BY page LIMIT $3",
    [submissionId, fromPage, pages],
  );
  return rows;
}
