import type { Loss, RecordOutcome } from "@suar/contract";
import {
  MOST_RELEASED_AT_ONCE,
  type PreparedRelease,
  prepareRelease,
  type ReleaseContext,
  type ReleaseItem,
  type ReleaseOutcome,
  release,
} from "@suar/gate";
import { effectiveTlp } from "@suar/policy";
import { channels, metrics, type PoolClient, type Realm, type Signals, transaction } from "@suar/runtime";
import type { Pap, Tlp } from "@suar/stix";
import { Fenced } from "./fenced.ts";
import { resolveReferences, withMarking } from "./normalize/resolve-references.ts";
import { outsideReferences, type Plan, planRelease } from "./plan-release.ts";
import { countOutcomes, joinOutcome } from "./record-outcome.ts";
import { settleOutcomes } from "./settle-outcomes.ts";
import { isFlat } from "./stage-submission.ts";
import type { StagedItem } from "./staged-item.ts";
import type { Staging } from "./staging.ts";
import { FIRST_RELEASE_PAGE, insertOutcomes } from "./store/outcome.ts";
import type { StagedPlace } from "./store/staged.ts";
import { selectStoredMarkings } from "./store/stored-marking.ts";
import { advance, type StagingTally, type Step, type SubmissionRow } from "./store/submission.ts";

/** What is left to release: a submission's pages, and what staging found besides, where that is not written. */
export type ToRelease = { row: SubmissionRow; staging: Staging; tally?: StagingTally | undefined };

/**
 * Releases a staged submission from where it stands, a transaction of at most 1,000 objects at a time: gate,
 * outcome page and progress commit together, so that a crash repeats nothing and forgets nothing. The last one
 * says that the submission is done.
 */
export async function releaseStaged(
  realm: Realm,
  signals: Signals,
  { row, staging, tally }: ToRelease,
  context: ReleaseContext,
): Promise<void> {
  const batches = batchesOf((await staging.places()).slice(row.released));
  const plan = await makePlan(realm, row, staging, context);
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
    const next = batches[index + 1];
    if (next !== undefined) {
      coming = ready(next);
      coming.catch(() => undefined); // thrown where it is waited for
    }
    const step = { from, to: from + (batches[index]?.length ?? 0), done: next === undefined, tally };
    const accepted = await transaction(
      realm.write,
      async (db) => await releaseBatch(db, row, context, batch, step),
    );
    from = step.to;
    metrics.released.labels(realm.name).inc(accepted);
    signals.send(channels.release(realm.name));
  }
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

type Batch = { records: Prepared[]; items: ReleaseItem[]; ahead?: PreparedRelease };

async function loadBatch(
  staging: Staging,
  places: readonly StagedPlace[],
  row: SubmissionRow,
  plan: Plan | undefined,
): Promise<Batch> {
  const records: Prepared[] = [];
  for (const place of places)
    records.push(...(await staging.items(place)).map((item) => prepare(item, row, plan)));
  return { records, items: records.flatMap(({ item }) => (item === undefined ? [] : [item])) };
}

/** Nothing for objects that do not refer to one another: each has its own marking or the submission's. */
async function makePlan(
  realm: Realm,
  row: SubmissionRow,
  staging: Staging,
  context: ReleaseContext,
): Promise<Plan | undefined> {
  if (isFlat(row)) return undefined;
  const shapes = await staging.shapes();
  const stored = await selectStoredMarkings(realm.write, context.producer.id, outsideReferences(shapes));
  return planRelease(shapes, stored, row.options);
}

async function releaseBatch(
  db: PoolClient,
  row: SubmissionRow,
  context: ReleaseContext,
  { records, items, ahead }: Batch,
  { from, to, done, tally }: Pick<Step, "from" | "to" | "done" | "tally">,
): Promise<number> {
  const released =
    items.length === 0 ? { outcomes: [], envelope: undefined } : await release(db, context, items, ahead);
  const outcomes = byRecord(records, released.outcomes);
  await insertOutcomes(db, row.id, FIRST_RELEASE_PAGE + from, outcomes);
  const losses = records.flatMap((one) => one.losses);
  const { envelope } = released;
  const counts = countOutcomes(outcomes);
  const isFirst = from === 0;
  const step = { from, to, done, envelope, losses, counts, tally: isFirst ? tally : undefined };
  if (!(await advance(db, row.id, row.fence, step))) throw new Fenced();
  const isWhole = isFirst && tally?.rejected === 0;
  if (done && !isFlat(row) && !isWhole) await settleOutcomes(db, row);
  return released.outcomes.filter(({ outcome }) => outcome === "accepted").length;
}

type Prepared = { record: number; at: string; id: string; losses: Loss[] } & (
  | { item: ReleaseItem }
  | { item: undefined; code: string; reason: string }
);

/** Gives a staged object its final references and marking; one without a marking is refused here. */
function prepare(staged: StagedItem, row: SubmissionRow, plan: Plan | undefined): Prepared {
  const { record, at, object, to, hash, generated, keys } = staged;
  const place = { record, at, id: object.id, losses: [] };
  const { tlp, pap } = markingOf(staged, row, plan);
  if (tlp === undefined) {
    return {
      ...place,
      item: undefined,
      code: "unmarked",
      reason: "No TLP marking in the record, in what contains it, or in tlp=",
    };
  }
  const resolved =
    plan === undefined ? { ok: true as const, object, losses: [] } : resolveReferences(object, plan.ids);
  if (!resolved.ok) return { ...place, item: undefined, code: resolved.code, reason: resolved.reason };
  const reason = "It names a record that was rejected";
  return {
    ...place,
    losses: resolved.losses.map((field) => ({ index: record, at, field, reason })),
    item: {
      kind: "released",
      object: withMarking(resolved.object, tlp),
      tlp,
      pap,
      to: to.length === 0 ? row.options.to : [...new Set([...row.options.to, ...to])],
      contentHash: Buffer.from(hash, "base64"),
      generated,
      keys,
    },
  };
}

function markingOf(
  staged: StagedItem,
  row: SubmissionRow,
  plan: Plan | undefined,
): { tlp: Tlp | undefined; pap: Pap | undefined } {
  if (plan !== undefined) {
    const markings = plan.markings.get(staged.object.id);
    return { tlp: markings?.tlp, pap: markings?.pap };
  }
  return { tlp: effectiveTlp(staged.tlp, [], row.options.tlp), pap: staged.pap ?? row.options.pap };
}

/** One outcome a record: accepted when anything of it was, else the first refusal. */
function byRecord(prepared: readonly Prepared[], released: readonly ReleaseOutcome[]): RecordOutcome[] {
  const records = new Map<number, RecordOutcome>();
  let next = 0;
  for (const one of prepared) {
    const refused = one.item === undefined;
    const outcome = refused
      ? { outcome: "rejected" as const, id: one.id, code: one.code, reason: one.reason }
      : released[next++];
    if (outcome === undefined) throw new Error("the gate answered for fewer objects than it was given");
    const { id, ...said } = outcome;
    const ids = said.outcome === "rejected" ? [] : [id];
    const { record: index, at } = one;
    records.set(index, joinOutcome(records.get(index), { index, at, ...said, ids }));
  }
  return [...records.values()];
}
