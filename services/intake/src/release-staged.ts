import type { Counts, RecordOutcome } from "@suar/contract";
import {
  MOST_RELEASED_AT_ONCE,
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
import { parseStagedItem } from "./staged-item.ts";
import { FIRST_RELEASE_PAGE, insertOutcomes } from "./store/outcome.ts";
import {
  countStaged,
  type StagedRow,
  selectShapes,
  selectStagedOrdinals,
  selectStagedRange,
  selectStoredMarkings,
} from "./store/staged.ts";
import { advance, type SubmissionRow } from "./store/submission.ts";

/**
 * Releases a staged submission from where it stands, a transaction of at most 1,000 objects at a time: gate,
 * outcome page and progress commit together, so that a crash repeats nothing and forgets nothing.
 */
export async function releaseStaged(
  realm: Realm,
  signals: Signals,
  row: SubmissionRow,
  context: ReleaseContext,
): Promise<void> {
  const { rows: staged, structured } = await countStaged(realm.write, row.id);
  const plan = structured ? await makePlan(realm, row, context) : undefined;
  for (let from = row.released; from < staged; from += MOST_RELEASED_AT_ONCE) {
    const to = Math.min(from + MOST_RELEASED_AT_ONCE, staged);
    const batch =
      plan === undefined
        ? await selectStagedRange(realm.write, row.id, from, to)
        : await selectStagedOrdinals(realm.write, row.id, plan.order.slice(from, to));
    const accepted = await transaction(
      realm.write,
      async (db) => await releaseBatch(db, row, context, plan, batch, from, to),
    );
    metrics.released.labels(realm.name).inc(accepted);
    signals.send(channels.release(realm.name));
  }
}

async function makePlan(realm: Realm, row: SubmissionRow, context: ReleaseContext): Promise<Plan> {
  const shapes = await selectShapes(realm.write, row.id);
  const stored = await selectStoredMarkings(realm.write, context.producer.id, outsideReferences(shapes));
  return planRelease(shapes, stored, row.options);
}

async function releaseBatch(
  db: PoolClient,
  row: SubmissionRow,
  context: ReleaseContext,
  plan: Plan | undefined,
  batch: readonly StagedRow[],
  from: number,
  to: number,
): Promise<number> {
  const prepared = batch.map((staged) => prepare(staged, row, plan));
  const items = prepared.flatMap((one) => (one.item === undefined ? [] : [one.item]));
  const released = await release(db, context, items);
  const outcomes = byRecord(prepared, released);
  await insertOutcomes(db, row.id, FIRST_RELEASE_PAGE + from, outcomes);
  if (!(await advance(db, row.id, row.fence, from, { released: to, counts: countOutcomes(outcomes) })))
    throw new Fenced();
  return released.filter(({ outcome }) => outcome === "accepted").length;
}

type Prepared = { record: number; at: string; id: string } & (
  | { item: ReleaseItem }
  | { item: undefined; code: string; reason: string }
);

/** Gives a staged object its final references and marking; one without a marking is refused here. */
function prepare(staged: StagedRow, row: SubmissionRow, plan: Plan | undefined): Prepared {
  const parsed = parseStagedItem(staged);
  const place = { record: staged.record, at: parsed.at, id: staged.stix_id };
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
    plan === undefined
      ? { ok: true as const, object: parsed.object }
      : resolveReferences(parsed.object, plan.ids);
  if (!resolved.ok) return { ...place, item: undefined, code: resolved.code, reason: resolved.reason };
  return {
    ...place,
    item: {
      kind: "released",
      object: withMarking(resolved.object, tlp),
      tlp,
      pap,
      to: parsed.to.length === 0 ? row.options.to : [...new Set([...row.options.to, ...parsed.to])],
      contentHash: Buffer.from(parsed.hash, "base64"),
      generated: parsed.generated,
      keys: parsed.keys,
    },
  };
}

function markingOf(
  staged: StagedRow,
  row: SubmissionRow,
  plan: Plan | undefined,
): { tlp: Tlp | undefined; pap: Pap | undefined } {
  if (plan !== undefined) {
    const markings = plan.markings.get(staged.stix_id);
    return { tlp: markings?.tlp, pap: markings?.pap };
  }
  return {
    tlp: effectiveTlp(staged.own_tlp ?? undefined, [], row.options.tlp),
    pap: staged.own_pap ?? row.options.pap,
  };
}

/** One outcome a record: accepted when anything of it was, else the first refusal. */
function byRecord(prepared: readonly Prepared[], released: readonly ReleaseOutcome[]): RecordOutcome[] {
  const records = new Map<number, RecordOutcome>();
  let next = 0;
  for (const one of prepared) {
    const outcome =
      one.item === undefined
        ? { outcome: "rejected" as const, id: one.id, code: one.code, reason: one.reason }
        : released[next++];
    if (outcome === undefined) throw new Error("the gate answered for fewer objects than it was given");
    const before = records.get(one.record);
    records.set(
      one.record,
      join(before ?? { index: one.record, at: one.at, outcome: outcome.outcome, ids: [] }, outcome),
    );
  }
  return [...records.values()];
}

const WEIGHT = { accepted: 3, rejected: 2, merged: 1, unchanged: 0 } as const;

function join(
  record: RecordOutcome,
  { id, ...one }: ReleaseOutcome | { outcome: "rejected"; id: string; code: string; reason: string },
): RecordOutcome {
  const ids = one.outcome === "rejected" ? record.ids : [...record.ids, id];
  if (record.ids.length > 0 && WEIGHT[record.outcome] >= WEIGHT[one.outcome]) return { ...record, ids };
  return { index: record.index, at: record.at, ...one, ids };
}

function countOutcomes(outcomes: readonly RecordOutcome[]): Omit<Counts, "records"> {
  const counts = { accepted: 0, merged: 0, unchanged: 0, rejected: 0 };
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
