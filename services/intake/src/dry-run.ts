import type { DryRun, RecordOutcome } from "@suar/contract";
import type { JudgedRelease, ReleaseItem } from "@suar/gate";
import type { Organisation } from "@suar/policy";
import type { SubmissionOptions } from "@suar/submit";
import { byRecord, type FinalItem, finalItem } from "./final-item.ts";
import type { Input } from "./input.ts";
import { LossTally } from "./loss-tally.ts";
import { outsideReferences, planRelease, type StoredMarking } from "./plan-release.ts";
import { type NormalizeContext, readDrafts } from "./read-drafts.ts";
import { listReceivers } from "./receivers.ts";
import { countOutcomes } from "./record-outcome.ts";
import { itemOf, phaseOf, type StagedItem, type StagedShape, shapeOf } from "./staged-item.ts";

const MOST_RECORDS = 5_000;

/** What was stated before, as far as the submission touches it; and what the gate makes of the two. */
export type Stated = {
  markings(ids: readonly string[]): Promise<readonly StoredMarking[]>;
  judge(items: readonly ReleaseItem[]): Promise<JudgedRelease>;
};

/**
 * What would be understood, what lost, and who would receive it. It is the road of a submission up to the
 * gate's judgement, and stores nothing.
 */
export async function dryRun(
  input: Input,
  options: SubmissionOptions,
  context: NormalizeContext,
  organisations: readonly Organisation[],
  stated: Stated,
): Promise<DryRun> {
  const { staged, shapes, rejected, losses, records, truncated } = await understand(input, context);
  const plan = planRelease(shapes, await stated.markings(outsideReferences(shapes)), options);
  const final = staged
    .toSorted((a, b) => phaseOf(a.object.id) - phaseOf(b.object.id))
    .map((one) => finalItem(one, options, plan));
  losses.add({ losses: final.flatMap((one) => one.losses), untold: 0 });
  const judged = await stated.judge(final.flatMap(({ item }) => (item === undefined ? [] : [item])));
  const outcomes = [...byRecord(final, judged.outcomes), ...rejected];
  const objects = objectsByRecord(final);
  return {
    dryRun: true,
    format: input.reader.name,
    counts: { records, ...countOutcomes(outcomes) },
    records: outcomes
      .sort((a, b) => a.index - b.index)
      .map((one) => ({ ...one, objects: one.outcome === "rejected" ? [] : (objects.get(one.index) ?? []) })),
    losses: losses.told,
    recipients: listReceivers(judged.sends, organisations),
    truncated,
  };
}

async function understand(input: Input, context: NormalizeContext) {
  const staged: StagedItem[] = [];
  const shapes: StagedShape[] = [];
  const rejected: RecordOutcome[] = [];
  const losses = new LossTally();
  let records = 0;
  for await (const batch of readDrafts(input.reader, input.source, context)) {
    records = batch.records;
    rejected.push(...batch.rejected);
    losses.add(batch);
    for (const { at, normalized } of batch.items) {
      staged.push(itemOf(at, normalized));
      shapes.push(shapeOf(normalized));
    }
    if (records >= MOST_RECORDS) return { staged, shapes, rejected, losses, records, truncated: true };
  }
  return { staged, shapes, rejected, losses, records, truncated: false };
}

function objectsByRecord(final: readonly FinalItem[]): Map<number, ReleaseItem["object"][]> {
  const objects = new Map<number, ReleaseItem["object"][]>();
  for (const { record, item } of final)
    if (item !== undefined) objects.set(record, [...(objects.get(record) ?? []), item.object]);
  return objects;
}
