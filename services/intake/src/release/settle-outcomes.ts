import type { RecordOutcome } from "@suar/contract";
import type { PoolClient } from "@suar/runtime";
import { Fenced } from "../fenced.ts";
import {
  deleteOutcomes,
  FIRST_RELEASE_PAGE,
  insertOutcomes,
  type PageRange,
  selectOutcomesIn,
} from "../store/outcome.ts";
import { recount, type SubmissionRow } from "../store/submission.ts";
import { countOutcomes, joinOutcome } from "./record-outcome.ts";

const PAGE = 1_000;

/** Of a portion, the pages of outcomes that staging wrote, and those of its release: each from one up to another. */
export type OutcomePages = { staging: PageRange; release: PageRange };

const MOST_PAGES = 2_000_000_000;

/** Those of a submission that is one portion. */
export const WHOLE: OutcomePages = {
  staging: { from: 0, to: FIRST_RELEASE_PAGE },
  release: { from: FIRST_RELEASE_PAGE, to: MOST_PAGES },
};

/**
 * Of a document, one record may become many objects, released in several transactions: once all of its portion is released,
 * each record gets the one outcome that sums up what became of it. Portions are bounded; tables, whose records stay
 * together, are not settled.
 */
export async function settleOutcomes(
  db: PoolClient,
  row: SubmissionRow,
  { staging, release }: OutcomePages,
): Promise<void> {
  const early = await selectOutcomesIn(db, row.id, staging);
  const late = await selectOutcomesIn(db, row.id, release);
  // What staging wrote of a portion goes to its place between the others even where nothing else became of it.
  if (early.length === 0 && late.length < 2) return;
  const records = new Map<number, RecordOutcome>();
  const before = [...early, ...late].flatMap((page) => page.records);
  for (const outcome of before) records.set(outcome.index, joinOutcome(records.get(outcome.index), outcome));
  const settled = [...records.values()].sort((a, b) => a.index - b.index);
  for (const range of [staging, release]) await deleteOutcomes(db, row.id, range);
  const size = Math.max(PAGE, Math.ceil(settled.length / (release.to - release.from)));
  for (let from = 0; from < settled.length; from += size)
    await insertOutcomes(db, row.id, release.from + from / size, settled.slice(from, from + size));
  const rejectedEarly = countOutcomes(early.flatMap((page) => page.records)).rejected;
  if (
    !(await recount(db, row.id, row.fence, {
      settled: countOutcomes(settled),
      before: countOutcomes(before),
      rejectedEarly,
    }))
  )
    throw new Fenced();
}
