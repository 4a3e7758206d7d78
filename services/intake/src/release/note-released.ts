import type { ReleaseOutcome } from "@suar/gate";
import type { PoolClient } from "@suar/runtime";
import { isFlat } from "@suar/submit";
import { Fenced } from "../fenced.ts";
import { FIRST_RELEASE_PAGE, insertOutcomes } from "../store/outcome.ts";
import { advance, type Step, type SubmissionRow } from "../store/submission.ts";
import { byRecord, type FinalItem } from "./final-item.ts";
import { countOutcomes } from "./record-outcome.ts";
import { type OutcomePages, settleOutcomes } from "./settle-outcomes.ts";

export { WHOLE } from "./settle-outcomes.ts";

/** What was released of a batch of records, and the envelope that waits for the pen. */
type Noted = {
  records: readonly FinalItem[];
  released: { outcomes: readonly ReleaseOutcome[]; envelope: number | undefined };
};

/** Outcome page and progress, in the transaction of the release. Throws Fenced when another worker has it. */
export async function noteReleased(
  db: PoolClient,
  row: SubmissionRow,
  { records, released }: Noted,
  { from, to, done, tally }: Pick<Step, "from" | "to" | "done" | "tally">,
  settles: OutcomePages | undefined,
): Promise<void> {
  const outcomes = byRecord(records, released.outcomes);
  await insertOutcomes(db, row.id, FIRST_RELEASE_PAGE + from, outcomes);
  const losses = records.flatMap((one) => one.losses);
  const { envelope } = released;
  const counts = countOutcomes(outcomes);
  const isFirst = from === 0;
  const step = { from, to, done, envelope, losses, counts, tally: isFirst ? tally : undefined };
  if (!(await advance(db, row.id, row.fence, step))) throw new Fenced();
  const isWhole = done && isFirst && tally?.rejected === 0;
  if (settles !== undefined && !isFlat(row.format, row.options) && !isWhole)
    await settleOutcomes(db, row, settles);
}
