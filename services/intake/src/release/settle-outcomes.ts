import type { RecordOutcome } from "@suar/contract";
import type { PoolClient } from "@suar/runtime";
import { Fenced } from "../fenced.ts";
import { deleteOutcomes, FIRST_RELEASE_PAGE, insertOutcomes, selectOutcomes } from "../store/outcome.ts";
import { recount, type SubmissionRow } from "../store/submission.ts";
import { countOutcomes, joinOutcome } from "./record-outcome.ts";

const PAGE = 1_000;
const MOST_PAGES = 1_000_000;

/**
 * Of a document, one record may become many objects, released in several transactions: once all is released,
 * each record gets the one outcome that sums up what became of it. Documents are bounded; tables, whose records
 * stay together, are not settled.
 */
export async function settleOutcomes(db: PoolClient, row: SubmissionRow): Promise<void> {
  const pages = await selectOutcomes(db, row.id, 0, MOST_PAGES);
  if (pages.length < 2) return;
  const records = new Map<number, RecordOutcome>();
  for (const outcome of pages.flatMap((page) => page.records))
    records.set(outcome.index, joinOutcome(records.get(outcome.index), outcome));
  const settled = [...records.values()].sort((a, b) => a.index - b.index);
  await deleteOutcomes(db, row.id);
  for (let from = 0; from < settled.length; from += PAGE)
    await insertOutcomes(db, row.id, FIRST_RELEASE_PAGE + from, settled.slice(from, from + PAGE));
  if (!(await recount(db, row.id, row.fence, countOutcomes(settled)))) throw new Fenced();
}
