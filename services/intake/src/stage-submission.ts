import type { Loss } from "@suar/contract";
import { readers } from "@suar/formats";
import type { Realm } from "@suar/runtime";
import { referencesOf } from "@suar/stix";
import { readSubmission } from "@suar/submit";
import { Fenced } from "./fenced.ts";
import { type NormalizeContext, readDrafts } from "./read-drafts.ts";
import { stagedRow } from "./staged-item.ts";
import { deleteStagingOutcomes, insertOutcomes } from "./store/outcome.ts";
import { deleteStaged, insertStaged, type StagedRow } from "./store/staged.ts";
import { beat, finishStaging, type SubmissionRow } from "./store/submission.ts";

const MOST_LOSSES = 1_000;
const PAGE = 1_000;

/**
 * Stages a whole submission: every record normalized, nothing released. Begins afresh each time, so that a
 * crash leaves nothing half. Throws a FormatError when the whole cannot be read.
 */
export async function stageSubmission(
  realm: Realm,
  row: SubmissionRow,
  context: NormalizeContext,
): Promise<void> {
  await deleteStaged(realm.write, row.id);
  await deleteStagingOutcomes(realm.write, row.id);
  const losses: Loss[] = [];
  let ordinal = 0;
  let records = 0;
  let rejected = 0;
  let lossesInAll = 0;
  let page = 0;
  for await (const batch of readDrafts(readers[row.format], readSubmission(realm.write, row.id), context)) {
    const rows = batch.items.map(({ at, normalized }): StagedRow => {
      const refs = referencesOf(normalized.object).map((reference) => reference.id);
      return stagedRow(
        ordinal++,
        at,
        normalized,
        row.format === "csv" || row.format === "text" ? structuralRefs(refs, context) : refs,
      );
    });
    for (let from = 0; from < rows.length; from += PAGE)
      await insertStaged(realm.write, row.id, rows.slice(from, from + PAGE));
    const newlyRejected = batch.rejected.filter(
      (outcome, index, all) => index === 0 || all[index - 1]?.index !== outcome.index,
    );
    await insertOutcomes(realm.write, row.id, page++, batch.rejected);
    rejected += newlyRejected.length;
    records = batch.records;
    lossesInAll += batch.losses.length;
    if (losses.length < MOST_LOSSES) losses.push(...batch.losses.slice(0, MOST_LOSSES - losses.length));
    if (!(await beat(realm.write, row.id, row.fence))) throw new Fenced();
  }
  const result = { staged: ordinal, records, rejected, losses, lossesInAll };
  if (!(await finishStaging(realm.write, row.id, row.fence, result))) throw new Fenced();
}

// Tables and lists refer to nothing but their producer; leaving that out keeps a million rows flat.
function structuralRefs(refs: readonly string[], context: NormalizeContext): string[] {
  return refs.filter((id) => id !== context.producerIdentity);
}
