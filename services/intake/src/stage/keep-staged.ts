import type { RecordOutcome } from "@suar/contract";
import { type Realm, transaction } from "@suar/runtime";
import { Fenced } from "../fenced.ts";
import { portionsOf } from "../release/portions.ts";
import { countOutcomes } from "../release/record-outcome.ts";
import { WHOLE } from "../release/settle-outcomes.ts";
import { deleteOutcomes, FIRST_RELEASE_PAGE, type PageRange, selectOutcomes } from "../store/outcome.ts";
import {
  type Counted,
  finishStaging,
  resumeRelease,
  type StagingFound,
  startOver,
} from "../store/staging-row.ts";
import type { StagingTally, SubmissionRow } from "../store/submission.ts";
import type { Staging } from "./staging.ts";

/** `tally`: what staging found, where the row does not have it yet; `released`: the pages that stand of earlier tries. */
type Kept = { tally: StagingTally | undefined; released: number };

/**
 * Notes in the row that everything lies staged. Where a crash of PostgreSQL took what was staged from a submission that is
 * partly released, the pages are the same again, and it goes on where it stood, with what is counted by its outcomes. They may
 * be others where what its submitter holds was passed over (`origin`), or where there are more or fewer of them: then it is
 * released from its beginning, which changes nothing of what is out. Throws Fenced when another worker has it.
 */
export async function keepStaged(
  realm: Realm,
  row: SubmissionRow,
  staging: Staging,
  found: StagingFound,
): Promise<Kept> {
  const { released } = row;
  const isSame = row.options.origin === undefined && found.pages === Math.abs(row.staged ?? 0);
  if (released > 0 && isSame && staging.isStored) return await goOn(realm, row, staging, found);
  if (released > 0)
    await transaction(realm.write, async (db) => {
      await deleteOutcomes(db, row.id, WHOLE.release);
      if (!(await startOver(db, row.id, row.fence))) throw new Fenced();
    });
  if (!staging.isStored) return { tally: found.tally, released: 0 };
  if (!(await finishStaging(realm.write, row.id, row.fence, found))) throw new Fenced();
  return { tally: undefined, released: 0 };
}

/** Portions that are released have their outcomes already, those of staging among them. */
async function goOn(realm: Realm, row: SubmissionRow, staging: Staging, found: StagingFound): Promise<Kept> {
  const { released } = row;
  const open = portionsOf(await staging.places()).find(({ to }) => to > released);
  const settled = { from: 0, to: open?.outcomes.staging.from ?? FIRST_RELEASE_PAGE };
  await transaction(realm.write, async (db) => {
    await deleteOutcomes(db, row.id, settled);
    const early = await count(db, row.id, WHOLE.staging);
    const late = await count(db, row.id, WHOLE.release);
    if (!(await resumeRelease(db, row.id, row.fence, { ...found, early, late }))) throw new Fenced();
  });
  return { tally: undefined, released };
}

const PAGES_AT_ONCE = 20;

async function count(
  db: Parameters<typeof selectOutcomes>[0],
  submissionId: string,
  { from, to }: PageRange,
): Promise<Counted> {
  const sum = countOutcomes([]);
  for (let page = from; page < to; ) {
    const pages = await selectOutcomes(db, submissionId, page, PAGES_AT_ONCE);
    const within = pages.filter((one) => one.page < to);
    addTo(sum, countOutcomes(within.flatMap((one): RecordOutcome[] => one.records)));
    if (within.length < PAGES_AT_ONCE) return sum;
    page = (within.at(-1)?.page ?? to) + 1;
  }
  return sum;
}

function addTo(sum: Counted, more: Counted): void {
  for (const name of ["accepted", "merged", "unchanged", "rejected"] as const) sum[name] += more[name];
}
