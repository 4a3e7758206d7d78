import {
  MOST_RELEASED_AT_ONCE,
  type PreparedRelease,
  prepareRelease,
  type ReleaseContext,
  type ReleaseItem,
  release,
  releasing,
} from "@suar/gate";
import { CLOSED, metrics, type PoolClient, type Realm, type Signals } from "@suar/runtime";
import { hasUnfinished, isFlat } from "@suar/submit";
import { Fenced } from "../fenced.ts";
import { namesOthers, type Plan, planRelease, planTable } from "../plan/plan-release.ts";
import { statedIn } from "../plan/stated.ts";
import type { Staging } from "../stage/staging.ts";
import type { StagedPlace } from "../store/staged.ts";
import type { StagingTally, Step, SubmissionRow } from "../store/submission.ts";
import { type FinalItem, finalItem } from "./final-item.ts";
import { noteReleased } from "./note-released.ts";

/** What is left to release: a submission's pages, and what staging found besides, where that is not written. */
export type ToRelease = {
  row: SubmissionRow;
  staging: Staging;
  tally?: StagingTally | undefined;
  /** False once another worker has it, or this one stops. */
  mayGoOn(): boolean;
};

/**
 * Releases a staged submission from where it stands, a transaction of at most 1,000 objects at a time: gate,
 * outcome page and progress commit together, so that a crash repeats nothing and forgets nothing. The last one
 * says that the submission is done. Throws Fenced between two of them when it may not go on.
 *
 * Releases nothing and answers "waits" where it names what it does not hold, and an earlier submission of its
 * producer may yet state that: who may know of it is not known before (ADR 7).
 */
export async function releaseStaged(
  realm: Realm,
  signals: Signals,
  { row, staging, tally, mayGoOn }: ToRelease,
  of: ReleaseContext,
): Promise<"released" | "waits"> {
  const isTable = isFlat(row.format, row.options);
  const shapes = isTable ? [] : (await Array.fromAsync(staging.shapes())).flat();
  if (
    namesOthers(shapes) &&
    (await hasUnfinished(realm.write, row.organisation_id, { us: row.received_us, id: row.id }))
  )
    return "waits";
  const batches = batchesOf((await staging.places()).slice(row.released));
  const plan = isTable
    ? await planTable(staging.shapes(), row.options)
    : await planRelease(shapes, () => staging.pages(), row.options, statedIn(realm.write, of));
  const context = { ...of, planned: plan.readers, victims: plan.victims };
  // Worth it only where something is written meanwhile: a small submission spares itself the second look.
  const ready = async (places: readonly StagedPlace[]): Promise<Batch> => {
    const batch = await loadBatch(staging, places, row, plan);
    if (batches.length < 2) return batch;
    return { ...batch, ahead: await prepareRelease(realm.write, context, batch.items) };
  };
  let from = row.released;
  let coming = ready(batches[0] ?? []);
  for (let index = 0; index === 0 || index < batches.length; index++) {
    const batch = await coming;
    if (index > 0 && !mayGoOn()) throw new Fenced();
    const next = batches[index + 1];
    if (next !== undefined) {
      coming = ready(next);
      coming.catch(() => undefined); // thrown where it is waited for
    }
    const step = { from, to: from + (batches[index]?.length ?? 0), done: next === undefined, tally };
    const { accepted } = await releasing(
      { signals },
      realm,
      async (db) => await releaseBatch(db, row, context, batch, step),
      ({ closes }) => (closes ? CLOSED : ""),
    );
    from = step.to;
    metrics.released.labels(realm.name).inc(accepted);
  }
  return "released";
}

/** Pages that are released together: of a small submission, all of them. */
function batchesOf(places: readonly StagedPlace[]): StagedPlace[][] {
  const batches: StagedPlace[][] = [];
  let objects = Number.POSITIVE_INFINITY;
  for (const place of places) {
    objects += place.objects;
    if (objects <= MOST_RELEASED_AT_ONCE) batches.at(-1)?.push(place);
    else {
      batches.push([place]);
      objects = place.objects;
    }
  }
  return batches;
}

const NOTHING = { outcomes: [], envelope: undefined, closes: false };

type Batch = { records: FinalItem[]; items: ReleaseItem[]; ahead?: PreparedRelease };

async function loadBatch(
  staging: Staging,
  places: readonly StagedPlace[],
  row: SubmissionRow,
  plan: Plan,
): Promise<Batch> {
  const records: FinalItem[] = [];
  for (const place of places)
    records.push(...(await staging.items(place)).map((item) => finalItem(item, row.options, plan)));
  return { records, items: records.flatMap(({ item }) => (item === undefined ? [] : [item])) };
}

async function releaseBatch(
  db: PoolClient,
  row: SubmissionRow,
  context: ReleaseContext,
  { records, items, ahead }: Batch,
  step: Pick<Step, "from" | "to" | "done" | "tally">,
): Promise<{ accepted: number; closes: boolean }> {
  const released = items.length === 0 ? NOTHING : await release(db, context, items, ahead);
  await noteReleased(db, row, { records, released }, step);
  const accepted = released.outcomes.filter(({ outcome }) => outcome === "accepted").length;
  return { accepted, closes: released.closes };
}
