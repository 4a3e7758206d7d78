import type { Counts } from "@suar/contract";
import type { Queryable } from "@suar/runtime";
import type { SubmissionOptions } from "@suar/submit";
import { storableJson } from "./outcome.ts";
import type { StagingTally } from "./submission.ts";

/* What the row of a submission says of its staging. */

/** What lies staged. `options` are the submission's with what the input says of all that it holds. */
export type StagingFound = { pages: number; tally: StagingTally; options: SubmissionOptions };

/** Notes that everything lies staged; what an earlier try found is replaced. */
export async function finishStaging(
  db: Queryable,
  id: string,
  fence: number,
  { pages, tally, options }: StagingFound,
): Promise<boolean> {
  const { records, rejected, unchanged, losses, lossesInAll } = tally;
  const { rowCount } = await db.query(
    `UPDATE submission SET staged = $3, records = $4, rejected_early = $5, losses = $6, losses_in_all = $7,
            options = $8, unchanged = $9, beat_at = clock_timestamp()
      WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [id, fence, pages, records, rejected, storableJson(losses), lossesInAll, options, unchanged],
  );
  return rowCount === 1;
}

/**
 * Notes that it is being staged anew; false when the fence is no longer ours. How many pages there were before stays known, as
 * a negative number, which is never taken for what lies staged: that is so when its portions are joined, too.
 */
export async function beginAnew(db: Queryable, id: string, fence: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE submission SET staged = -abs(staged) WHERE id = $1 AND fence = $2 AND state = 'normalizing'",
    [id, fence],
  );
  return rowCount === 1;
}

/** Nothing counts as released any more: its outcomes are written anew. */
export async function startOver(db: Queryable, id: string, fence: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET released = 0, accepted = 0, merged = 0, unchanged = 0, rejected = 0, rejected_early = 0,
            losses = '[]', losses_in_all = 0
      WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [id, fence],
  );
  return rowCount === 1;
}

/** Outcomes that were written, by staging and by releases. */
export type Counted = Omit<Counts, "records">;

/** Notes that what a crash took lies staged again, and goes on where it stood: what is counted is what was written. */
export async function resumeRelease(
  db: Queryable,
  id: string,
  fence: number,
  { pages, early, late }: Pick<StagingFound, "pages"> & { early: Counted; late: Counted },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE submission SET staged = $3, accepted = $4, merged = $5, unchanged = $6, rejected = $7, rejected_early = $8,
            beat_at = clock_timestamp()
      WHERE id = $1 AND fence = $2 AND state = 'normalizing'`,
    [
      id,
      fence,
      pages,
      late.accepted,
      late.merged,
      early.unchanged + late.unchanged,
      late.rejected,
      early.rejected,
    ],
  );
  return rowCount === 1;
}
