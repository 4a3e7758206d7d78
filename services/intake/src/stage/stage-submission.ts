import { AppError } from "@suar/contract";
import { readers } from "@suar/formats";
import { insertRefusedNames, type ReleaseContext } from "@suar/gate";
import { ownMarkings } from "@suar/policy";
import type { Realm, Signals } from "@suar/runtime";
import { isFlat, readSubmission, type SubmissionOptions } from "@suar/submit";
import { Fenced } from "../fenced.ts";
import { LossTally } from "../normalize/loss-tally.ts";
import { type NormalizeContext, type NormalizedBatch, readDrafts } from "../normalize/read-drafts.ts";
import { joinPortions } from "../plan/join-portions.ts";
import { deleteStagingOutcomes, insertOutcomes } from "../store/outcome.ts";
import type { StagedPage } from "../store/staged.ts";
import { beginAnew } from "../store/staging-row.ts";
import type { StagingTally, SubmissionRow } from "../store/submission.ts";
import { requireRed } from "../submission/input.ts";
import { clearStaged } from "./clear-staged.ts";
import { keepStaged } from "./keep-staged.ts";
import { type NotStated, passOverHeld } from "./pass-over-held.ts";
import { itemOf, rowShape, shapeOf } from "./staged-item.ts";
import { Staging } from "./staging.ts";
import { StagingPages } from "./staging-pages.ts";
import { takeBack } from "./take-back.ts";

export type StagingContext = NormalizeContext & { notStated: NotStated };

/** `options` are the submission's with what the input says of all that it holds; `released`: what stands of earlier tries. */
export type Staged = {
  staging: Staging;
  tally: StagingTally | undefined;
  options: SubmissionOptions;
  released: number;
};

/**
 * Stages a whole submission: every record normalized, nothing released. Begins afresh each time, so that a
 * crash leaves nothing half. Throws
 * a FormatError when the whole cannot be read, `empty` when there is nothing in it, and `people-need-red` when it
 * names people for what is not TLP:RED.
 */
export async function stageSubmission(
  { realm, signals }: { realm: Realm; signals: Signals },
  row: SubmissionRow,
  context: StagingContext,
  of: ReleaseContext,
  mayGoOn: () => boolean,
): Promise<Staged> {
  if (row.fence > 1) {
    if (!(await beginAnew(realm.write, row.id, row.fence))) throw new Fenced();
    await clearStaged(realm.write, row.id);
    await deleteStagingOutcomes(realm.write, row.id);
  }
  const staging = new Staging(realm, row.id);
  const pages = new StagingPages();
  const losses = new LossTally();
  const seen = { records: 0, rejected: 0, unchanged: 0 };
  let { options } = row;
  let batches = 0;
  const source = readSubmission(realm.write, row.id, row.bytes);
  for await (const read of readDrafts(readers[row.format], source, context)) {
    const { batch, unchanged, takenBack } = await passOverHeld(realm.write, context.notStated, read);
    await takeBack({ realm, signals }, of, takenBack);
    for (const page of takeItems(pages, batch, row)) await staging.put(page);
    const early = [...batch.rejected, ...unchanged];
    pages.settled(early);
    await insertOutcomes(realm.write, row.id, batches++, early);
    await noteRefused(realm, row, batch);
    seen.records = batch.records;
    seen.rejected += batch.rejected.length;
    seen.unchanged += unchanged.length;
    losses.add(batch);
    options = { ...options, ...ownMarkings(options, batch.marking) };
    if (batch.unitEnds !== undefined && pages.isLong)
      for (const page of pages.endPortion(batch.unitEnds, batches)) await staging.put(page);
    if (!mayGoOn()) throw new Fenced();
  }
  if (seen.records === 0) throw new AppError("empty", "Nothing in it was understood as a record");
  requireRed(options);
  for (const page of pages.rest()) await staging.put(page);
  await staging.settle();
  if (pages.portions > 1) {
    const joining = { realm, submissionId: row.id, staging, options, context: of, mayGoOn };
    await joinPortions(joining);
  }
  const tally = { ...seen, losses: losses.told, lossesInAll: losses.inAll };
  return {
    staging,
    options,
    ...(await keepStaged(realm, row, staging, { pages: pages.count, tally, options })),
  };
}

/** What a later submission names may have been rejected here: then it is the producer's alone (ADR 7). */
async function noteRefused(
  realm: Realm,
  { format, options, organisation_id }: SubmissionRow,
  { refused }: NormalizedBatch,
): Promise<void> {
  // What is said to people changes nothing for what colleagues say to organisations.
  if (options.people !== undefined) return;
  const ids = new Set(refused.flatMap(({ id, held }) => (held ? [] : [id])));
  if (ids.size === 0 || isFlat(format, options)) return;
  await insertRefusedNames(realm.write, organisation_id, [...ids]);
}

function* takeItems(
  pages: StagingPages,
  batch: NormalizedBatch,
  { format, options }: SubmissionRow,
): Generator<StagedPage> {
  const shape = isFlat(format, options) ? rowShape : shapeOf;
  for (const refused of batch.refused) pages.refuse(refused);
  for (const { at, normalized } of batch.items) {
    const full = pages.add(itemOf(at, normalized), shape(normalized));
    if (full !== undefined) yield full;
  }
}
