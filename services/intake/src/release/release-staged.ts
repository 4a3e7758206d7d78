import {
  MOST_RELEASED_AT_ONCE,
  type PreparedRelease,
  prepareRelease,
  type ReleaseContext,
  type Released,
  type ReleaseItem,
  release,
  releasing,
} from "@suar/gate";
import { CLOSED, type Logger, metrics, type Platform, type PoolClient, type Realm } from "@suar/runtime";
import { hasUnfinished, isFlat } from "@suar/submit";
import { Fenced } from "../fenced.ts";
import { namesOthers, type Plan, planRelease, planTable } from "../plan/plan-release.ts";
import { statedIn } from "../plan/stated.ts";
import type { Staging } from "../stage/staging.ts";
import type { StagedPlace } from "../store/staged.ts";
import type { StagingTally, Step, SubmissionRow } from "../store/submission.ts";
import { type FinalItem, finalItem } from "./final-item.ts";
import { noteReleased } from "./note-released.ts";
import { type Portion, portionsOf } from "./portions.ts";
import type { OutcomePages } from "./settle-outcomes.ts";

/** What is left to release: a submission's pages, and what staging found besides, where that is not written. */
export type ToRelease = {
  row: SubmissionRow;
  staging: Staging;
  tally?: StagingTally | undefined;
  /** False once another worker has it, or this one stops. */
  mayGoOn(): boolean;
};

/**
 * Releases a staged submission from where it stands, a portion after the other and of it a transaction of at most 1,000
 * objects at a time: gate, outcome page and progress commit together, so that a crash repeats nothing and forgets nothing.
 * The last one says that the submission is done. Throws Fenced between two of them when it may not go on.
 *
 * Releases no portion and answers "waits" where it names what it does not hold, and an earlier submission of its
 * producer may yet state that: who may know of it is not known before (ADR 7).
 */
export async function releaseStaged(
  realm: Realm,
  platform: Pick<Platform, "signals" | "log">,
  toRelease: ToRelease,
  of: ReleaseContext,
): Promise<"released" | "waits"> {
  const portions = portionsOf(await toRelease.staging.places());
  for (const portion of portions) {
    if (portion.to <= toRelease.row.released && !portion.isLast) continue;
    if ((await releasePortion(realm, platform, toRelease, of, portion)) === "waits") return "waits";
  }
  return "released";
}

async function releasePortion(
  realm: Realm,
  { signals, log }: Pick<Platform, "signals" | "log">,
  { row, staging, tally, mayGoOn }: ToRelease,
  of: ReleaseContext,
  portion: Portion,
): Promise<"released" | "waits"> {
  const { places } = portion;
  const isTable = isFlat(row.format, row.options);
  const shapes = isTable ? [] : await staging.shapesOf(places);
  if (
    namesOthers(shapes) &&
    (await hasUnfinished(realm.write, row.organisation_id, { us: row.received_us, id: row.id }))
  )
    return "waits";
  let from = Math.max(row.released, portion.from);
  const batches = batchesOf(places.slice(from - portion.from));
  const plan = isTable
    ? await planTable(staging.shapes(places), row.options)
    : await planRelease(
        shapes,
        () => staging.pages(places),
        row.options,
        statedIn(realm.write, of, portion.isAlone ? undefined : row.id),
      );
  const context = { ...of, planned: plan.readers, victims: plan.victims };
  // Worth it only where something is written meanwhile: a small submission spares itself the second look.
  const ready = async (ahead: readonly StagedPlace[]): Promise<Batch> => {
    const batch = await loadBatch(staging, ahead, row, plan);
    if (batches.length < 2) return batch;
    return { ...batch, ahead: await prepareRelease(realm.write, context, batch.items) };
  };
  let coming = ready(batches[0] ?? []);
  for (let index = 0; index === 0 || index < batches.length; index++) {
    const batch = await coming;
    if ((index > 0 || portion.from > 0) && !mayGoOn()) throw new Fenced();
    const next = batches[index + 1];
    if (next !== undefined) {
      coming = ready(next);
      coming.catch(() => undefined); // thrown where it is waited for
    }
    const settles = next === undefined ? portion.outcomes : undefined;
    const done = next === undefined && portion.isLast;
    const step = { from, to: from + (batches[index]?.length ?? 0), done, tally, settles };
    const { accepted, failed } = await releasing(
      { signals },
      realm,
      async (db) => await releaseBatch(db, row, context, batch, step),
      ({ closes }) => (closes ? CLOSED : ""),
    );
    logFailed(log, row, failed);
    from = step.to;
    metrics.released.labels(realm.name).inc(accepted);
  }
  return "released";
}

function logFailed(log: Logger, { id: submission }: SubmissionRow, failed: Released["failed"]): void {
  for (const { id, error: err } of failed)
    log.error(
      { err, id, submission },
      "what was released before could not be decided anew; it is tried again",
    );
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

const NOTHING = { outcomes: [], envelope: undefined, closes: false, failed: [] };

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
  step: Pick<Step, "from" | "to" | "done" | "tally"> & { settles: OutcomePages | undefined },
): Promise<{ accepted: number } & Pick<Released, "closes" | "failed">> {
  const released = items.length === 0 ? NOTHING : await release(db, context, items, ahead);
  await noteReleased(db, row, { records, released }, step, step.settles);
  const accepted = released.outcomes.filter(({ outcome }) => outcome === "accepted").length;
  return { accepted, closes: released.closes, failed: released.failed };
}
