import { readers } from "@suar/formats";
import type { Realm } from "@suar/runtime";
import { readSubmission } from "@suar/submit";
import { Fenced } from "./fenced.ts";
import { LossTally } from "./loss-tally.ts";
import { type NormalizeContext, type NormalizedBatch, readDrafts } from "./read-drafts.ts";
import { itemOf, shapeOf } from "./staged-item.ts";
import { StagingPages } from "./staging-pages.ts";
import { deleteStagingOutcomes, insertOutcomes } from "./store/outcome.ts";
import { deleteStaged, insertStaged, type StagedPage } from "./store/staged.ts";
import { finishStaging, type SubmissionRow } from "./store/submission.ts";

/**
 * Stages a whole submission: every record normalized, nothing released. Begins afresh each time, so that a
 * crash leaves nothing half. Throws a FormatError when the whole cannot be read.
 */
export async function stageSubmission(
  realm: Realm,
  row: SubmissionRow,
  context: NormalizeContext,
  mayGoOn: () => boolean,
): Promise<void> {
  await deleteStaged(realm.write, row.id);
  await deleteStagingOutcomes(realm.write, row.id);
  const pages = new StagingPages();
  const losses = new LossTally();
  const tally = { records: 0, rejected: 0 };
  // One page is written while the next is being made.
  let writing: Promise<unknown> = Promise.resolve();
  const write = async (page: StagedPage): Promise<void> => {
    await writing;
    writing = insertStaged(realm.write, row.id, page);
    writing.catch(() => undefined); // thrown where it is waited for
  };
  let batches = 0;
  for await (const batch of readDrafts(readers[row.format], readSubmission(realm.write, row.id), context)) {
    for (const page of takeItems(pages, batch, isFlat(row))) await write(page);
    await insertOutcomes(realm.write, row.id, batches++, batch.rejected);
    tally.records = batch.records;
    tally.rejected += batch.rejected.length;
    losses.add(batch);
    if (!mayGoOn()) throw new Fenced();
  }
  for (const page of pages.rest()) await write(page);
  await writing;
  const result = { staged: pages.count, ...tally, losses: losses.told, lossesInAll: losses.inAll };
  if (!(await finishStaging(realm.write, row.id, row.fence, result))) throw new Fenced();
}

function* takeItems(pages: StagingPages, batch: NormalizedBatch, flat: boolean): Generator<StagedPage> {
  for (const { at, normalized } of batch.items) {
    const full = pages.add(itemOf(at, normalized), flat ? undefined : shapeOf(normalized));
    if (full !== undefined) yield full;
  }
}

/** Tables and lists: their objects refer to nothing but their producer. */
export function isFlat({ format, options }: SubmissionRow): boolean {
  return readers[format].streaming && options.kind !== "incident";
}
