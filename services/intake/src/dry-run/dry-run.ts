import type { DryRun, RecordOutcome } from "@suar/contract";
import {
  type Addressee,
  judgeRedRelease,
  judgeRelease,
  type ReleaseContext,
  type ReleaseItem,
  type ReleaseOutcome,
} from "@suar/gate";
import { type Markings, ownMarkings } from "@suar/policy";
import type { Contact, Queryable } from "@suar/runtime";
import { isFlat, type SubmissionOptions } from "@suar/submit";
import { LossTally } from "../normalize/loss-tally.ts";
import { readDrafts } from "../normalize/read-drafts.ts";
import { planRelease, planTable } from "../plan/plan-release.ts";
import { statedIn } from "../plan/stated.ts";
import { byRecord, type FinalItem, finalItem } from "../release/final-item.ts";
import { countOutcomes } from "../release/record-outcome.ts";
import { phaseOf } from "../release/release-order.ts";
import { passOverHeld } from "../stage/pass-over-held.ts";
import type { StagingContext } from "../stage/stage-submission.ts";
import { itemOf, refusedShape, type StagedItem, type StagedShape, shapeOf } from "../stage/staged-item.ts";
import { type Input, requireRed } from "../submission/input.ts";
import { explainDecisions } from "./explain-decisions.ts";
import { listLives } from "./list-lives.ts";
import { listReceivers, listWaiting } from "./receivers.ts";
import { listHits, listWarnings } from "./warnings.ts";

const MOST_RECORDS = 5_000;

/**
 * What would be understood, what lost, and who would receive it. It is the road of a submission up to the
 * gate's judgement, and stores nothing.
 */
export async function dryRun(
  input: Input,
  given: SubmissionOptions,
  context: StagingContext,
  db: Queryable,
  release: ReleaseContext,
  red?: RedOf,
): Promise<DryRun> {
  const understood = await understand(input, context, db);
  const { staged, shapes, rejected, unchanged, losses, records, truncated, marking } = understood;
  const options = { ...given, ...ownMarkings(given, marking) };
  requireRed(options);
  const plan = isFlat(input.reader.name, options)
    ? await planTable([shapes], options)
    : await planRelease(shapes, () => [staged], options, statedIn(db, release));
  const final = staged
    .toSorted((a, b) => phaseOf(a.object.id) - phaseOf(b.object.id))
    .map((one) => finalItem(one, options, plan));
  losses.add({ losses: final.flatMap((one) => one.losses), untold: 0 });
  const items = final.flatMap(({ item }) => (item === undefined ? [] : [item]));
  const planned = { ...release, planned: plan.readers, victims: plan.victims };
  const judged =
    red === undefined
      ? await judgeForOrganisations(db, planned, items)
      : await judgeForPeople(db, { ...planned, ...red }, items);
  const { outcomes: judgements, ...receivers } = judged;
  const outcomes = [...byRecord(final, judgements), ...rejected, ...unchanged];
  const objects = objectsByRecord(final);
  return {
    dryRun: true,
    format: input.reader.name,
    counts: { records, ...countOutcomes(outcomes) },
    records: outcomes
      .sort((a, b) => a.index - b.index)
      .map((one) => ({ ...one, objects: one.outcome === "rejected" ? [] : (objects.get(one.index) ?? []) })),
    losses: losses.told,
    lives: listLives(
      items.map(({ object }) => object),
      Date.now(),
    ),
    warnings: [...listWarnings(items.map(({ object }) => object)), ...listHits(final)],
    ...receivers,
    truncated,
  };
}

/** Who asks, and the people named, of a dry run of TLP:RED. */
type RedOf = { submitter: string; people: readonly (Addressee & Pick<Contact, "title">)[] };

type Told = "recipients" | "waiting" | "people" | "decisions" | "decisionsInAll" | "guide";
type Judgement = { outcomes: ReleaseOutcome[] } & Pick<DryRun, Told>;

async function judgeForOrganisations(
  db: Queryable,
  release: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<Judgement> {
  const { outcomes, sends, decisions } = await judgeRelease(db, release, items);
  return {
    outcomes,
    recipients: listReceivers(sends, decisions, release),
    waiting: listWaiting(sends, release),
    ...explainDecisions({ sends, decisions }, release),
  };
}

async function judgeForPeople(
  db: Queryable,
  release: ReleaseContext & RedOf,
  items: readonly ReleaseItem[],
): Promise<Judgement> {
  const { outcomes, letters } = await judgeRedRelease(db, release, items);
  const people = release.people.map(({ person, title, inbox, organisation }) => {
    const letter = letters.find(({ to }) => to.inbox === inbox);
    const [objects, redacted] = [letter?.objects.length ?? 0, letter?.redacted ?? 0];
    return { person, organisation: organisation.code, title, objects, redacted };
  });
  return { outcomes, recipients: [], waiting: [], people, decisions: [], decisionsInAll: 0, guide: [] };
}

async function understand(input: Input, context: StagingContext, db: Queryable) {
  const staged: StagedItem[] = [];
  const shapes: StagedShape[] = [];
  const rejected: RecordOutcome[] = [];
  const unchanged: RecordOutcome[] = [];
  const losses = new LossTally();
  let records = 0;
  let marking: Markings = {};
  for await (const read of readDrafts(input.reader, input.source, context)) {
    const { batch, unchanged: held } = await passOverHeld(db, context.notStated, read);
    unchanged.push(...held);
    records = batch.records;
    rejected.push(...batch.rejected);
    losses.add(batch);
    for (const refused of batch.refused) shapes.push(refusedShape(refused));
    marking = ownMarkings(marking, batch.marking);
    for (const { at, normalized } of batch.items) {
      staged.push(itemOf(at, normalized));
      shapes.push(shapeOf(normalized));
    }
    if (records >= MOST_RECORDS)
      return { staged, shapes, rejected, unchanged, losses, records, marking, truncated: true };
  }
  return { staged, shapes, rejected, unchanged, losses, records, marking, truncated: false };
}

function objectsByRecord(final: readonly FinalItem[]): Map<number, ReleaseItem["object"][]> {
  const objects = new Map<number, ReleaseItem["object"][]>();
  for (const { record, item } of final)
    if (item !== undefined) objects.set(record, [...(objects.get(record) ?? []), item.object]);
  return objects;
}
