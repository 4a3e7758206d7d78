import type { RecordOutcome } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

/** Pages of outcomes: rejected drafts of staging below this, releases from here on. */
export const FIRST_RELEASE_PAGE = 1_000_000;

/** JSON for a jsonb column, which holds no NUL: quotations of bad input may have one. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("\\u0000", "\\ufffd");
}

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
    storableJson(records),
  ]);
}

/** Forgets what an interrupted staging wrote. */
export async function deleteStagingOutcomes(db: Queryable, submissionId: string): Promise<void> {
  await db.query("DELETE FROM submission_outcome WHERE submission_id = $1 AND page < $2", [
    submissionId,
    FIRST_RELEASE_PAGE,
  ]);
}

/** Pages from one up to another. */
export type PageRange = { from: number; to: number };

export async function deleteOutcomes(
  db: Queryable,
  submissionId: string,
  { from, to }: PageRange,
): Promise<void> {
  await db.query("DELETE FROM submission_outcome WHERE submission_id = $1 AND page >= $2 AND page < $3", [
    submissionId,
    from,
    to,
  ]);
}

export async function selectOutcomesIn(
  db: Queryable,
  submissionId: string,
  { from, to }: PageRange,
): Promise<OutcomePage[]> {
  const { rows } = await db.query<OutcomePage>(
    "SELECT page, records FROM submission_outcome WHERE submission_id = $1 AND page >= $2 AND page < $3 ORDER BY page",
    [submissionId, from, to],
  );
  return rows;
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
