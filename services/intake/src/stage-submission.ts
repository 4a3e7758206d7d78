import { readers } from "@suar/formats";
import type { Realm } from "@suar/runtime";
import { readSubmission } from "@suar/submit";
import { Fenced } from "./fenced.ts";
import { LossTally } from "./loss-tally.ts";
import { type NormalizeContext, type NormalizedBatch, readDrafts } from "./read-drafts.ts";
import { isFlat, phaseByStrictness, phaseOf } from "./release-order.ts";
import { itemOf, shapeOf } from "./staged-item.ts";
import { Staging } from "./staging.ts";
import { StagingPages } from "./staging-pages.ts";
import { deleteStagingOutcomes, insertOutcomes } from "./store/outcome.ts";
import { deleteStaged, type StagedPage } from "./store/staged.ts";
import { finishStaging, type StagingTally, type SubmissionRow } from "./store/submission.ts";

/**
 * Stages a whole submission: every record normalized, nothing released. Begins afresh each time, so that a
 * crash leaves nothing half. Throws a FormatError when the whole cannot be read.
 */
export async function stageSubmission(
  realm: Realm,
  row: SubmissionRow,
  context: NormalizeContext,
  mayGoOn: () => boolean,
): Promise<{ staging: Staging; tally: StagingTally }> {
  if (row.fence > 1) {
    await deleteStaged(realm.write, row.id);
    await deleteStagingOutcomes(realm.write, row.id);
  }
  const staging = new Staging(realm, row.id);
  const pages = new StagingPages();
  const losses = new LossTally();
  const seen = { records: 0, rejected: 0 };
  let batches = 0;
  const source = readSubmission(realm.write, row.id, row.bytes);
  for await (const batch of readDrafts(readers[row.format], source, context)) {
    for (const page of takeItems(pages, batch, row)) await staging.put(page);
    await insertOutcomes(realm.write, row.id, batches++, batch.rejected);
    seen.records = batch.records;
    seen.rejected += batch.rejected.length;
    losses.add(batch);
    if (!mayGoOn()) throw new Fenced();
  }
  for (const page of pages.rest()) await staging.put(page);
  await staging.settle();
  const tally = { ...seen, losses: losses.told, lossesInAll: losses.inAll };
  if (staging.isStored && !(await finishStaging(realm.write, row.id, row.fence, pages.count, tally)))
    throw new Fenced();
  return { staging, tally };
}

function* takeItems(
  pages: StagingPages,
  batch: NormalizedBatch,
  { format, options }: SubmissionRow,
): Generator<StagedPage> {
  const flat = isFlat(format, options);
  if (!flat) for (const id of batch.refused) pages.refuse(id);
  for (const { at, normalized } of batch.items) {
    const full = flat
      ? pages.add(itemOf(at, normalized), phaseByStrictness(normalized, options), undefined)
      : pages.add(itemOf(at, normalized), phaseOf(normalized.object.id), shapeOf(normalized));
    if (full !== undefined) yield full;
  }
}
