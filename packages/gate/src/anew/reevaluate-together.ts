import type { PoolClient, Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Send } from "../judge/judge-release.ts";
import { takeAway } from "../send/take-away.ts";
import { type EarlyLoss, selectClosedEarly } from "../store/closed.ts";
import { selectSizes } from "../store/size.ts";
import { noteAsVictims } from "../victims/note-as-victims.ts";
import { cutParts, cutPieces } from "./cut-parts.ts";
import type { Anew, Naming } from "./decide-anew.ts";
import { giveOut, sendOf } from "./give-out.ts";
import { type Ahead, lookAtParts } from "./look-ahead.ts";
import { type Gone, PlannedLosses } from "./plan-losses.ts";
import { isForItsHolders } from "./stated-version.ts";

/**
 * What became of objects: who lost a copy of which, ids of those of which somebody got one, and of those that were closed to
 * somebody who was not told and are given again: what names them may have been decided without them meanwhile.
 */
export type Changes = { lost: EarlyLoss[]; gained: Set<string>; again: Set<string> };

type Asked = { ids: readonly string[]; naming: Naming };

/**
 * Decides all versions of objects anew, of which none names another: first takes away what may not stay, then gives out
 * what is due. Each is decided once, and all are written by as many statements as one would be.
 */
export async function reevaluateTogether(
  db: PoolClient,
  context: ReleaseContext,
  { ids, naming }: Asked,
): Promise<Changes> {
  const changes: Changes = { lost: [], gained: new Set(), again: new Set() };
  const parts = cutParts(await selectSizes(db, context.producer.id, ids));
  const [whole, pieces] = [parts.filter(({ isWhole }) => isWhole), parts.filter(({ isWhole }) => !isWhole)];
  const apart = new Set(pieces.flatMap(({ versions }) => versions.map(({ stix_id: id }) => id)));
  for await (const { all } of lookAtParts(db, context, whole, naming))
    for (const id of await reevaluatePart(db, context, all, changes)) apart.add(id);
  for (const id of apart) await reevaluateApart(db, context, { ids: [id], naming }, changes);
  return changes;
}

/** Ids of those that have to be decided apart. */
async function reevaluatePart(
  db: PoolClient,
  context: ReleaseContext,
  all: readonly Ahead[],
  changes: Changes,
): Promise<Set<string>> {
  const early = await readEarly(db, all);
  const objects = [...Map.groupBy(all, ({ anew }) => idOf(anew))];
  const apart = new Set(objects.flatMap(([id, versions]) => (isApart(context, versions, early) ? [id] : [])));
  const together = all.filter(({ anew }) => !apart.has(idOf(anew)));
  const planned = new PlannedLosses();
  planned.addEarly(early);
  await takeAllAway(db, context, { all: together, planned }, changes);
  await giveAllOut(
    db,
    context,
    together.map(({ anew }) => withoutGone(anew, planned.gone)),
    changes,
  );
  noteAgain(changes, closedAmong(together, early));
  return apart;
}

/**
 * The same of one object that is decided by what is written of it, or whose versions come to too much: it is decided a
 * second time after all that it loses is taken away, from the oldest version on; what is counted, version by version.
 */
async function reevaluateApart(
  db: PoolClient,
  context: ReleaseContext,
  { ids, naming }: Asked,
  changes: Changes,
): Promise<void> {
  const { id: producer } = context.producer;
  const planned = new PlannedLosses();
  const closed = new Set<string>();
  let isCounted = false;
  const parts = cutParts(await selectSizes(db, producer, ids));
  for await (const { all } of lookAtParts(db, context, parts, naming)) {
    const early = await readEarly(db, all);
    planned.addEarly(early);
    for (const id of closedAmong(all, early)) closed.add(id);
    await takeAllAway(db, context, { all, planned }, changes);
    isCounted ||= all.some(({ anew }) => anew.isCounted);
  }
  const one = ({ versions }: { versions: (typeof parts)[number]["versions"] }) =>
    versions.map((version) => ({ versions: [version], isWhole: false }));
  const again = isCounted ? parts.flatMap(one) : parts;
  for await (const { all } of lookAtParts(db, context, again.toReversed(), naming))
    await giveAllOut(
      db,
      context,
      all.map(({ anew }) => withoutGone(anew, planned.gone)),
      changes,
    );
  noteAgain(changes, closed);
}

/** Ids of those of which something was closed to somebody who was not told. */
function closedAmong(all: readonly Ahead[], early: Gone): Set<string> {
  return new Set(all.flatMap((one) => (isClosed(one, early) ? [idOf(one.anew)] : [])));
}

function isClosed({ anew }: Ahead, early: Gone): boolean {
  return anew.sent.some(({ renditionId }) => early.has(renditionId));
}

function noteAgain({ gained, again }: Changes, closed: ReadonlySet<string>): void {
  for (const id of closed) if (gained.has(id)) again.add(id);
}

/** The newest first of each object. */
async function takeAllAway(
  db: PoolClient,
  context: ReleaseContext,
  { all, planned }: { all: readonly Ahead[]; planned: PlannedLosses },
  changes: Changes,
): Promise<void> {
  const losses = all.flatMap((one) => planned.of(context, one));
  await takeAway(db, context, losses);
  for (const { anew, readers } of losses)
    for (const organisation of readers) changes.lost.push({ stixId: idOf(anew), organisation });
  // What is decided as a victim's once stays so, also where what said so is taken back.
  const victims = all.flatMap(({ anew }) => (anew.victims === undefined ? [] : [anew.version]));
  await noteAsVictims(db, context, victims);
}

/** These come the newest first of each object, and go out the oldest first. */
async function giveAllOut(
  db: PoolClient,
  context: ReleaseContext,
  all: readonly Anew[],
  changes: Changes,
): Promise<void> {
  const objects = [...Map.groupBy(all, idOf).values()];
  const sends = objects
    .flatMap((versions) => versions.toReversed())
    .map((anew) => ({ anew, send: sendOf(context, anew) }));
  for (const { anew, send } of sends) if (send.copies.length > 0) changes.gained.add(idOf(anew));
  for (const some of cutPieces(sends, bytesMade)) await giveOut(db, context, some);
}

/** Of what is written anew: a version of which many copies are made is as much as so many versions. */
function bytesMade({ anew: { object }, send: { copies } }: { anew: Anew; send: Send }): number {
  const made = copies.filter(({ sent }) => sent === undefined).length;
  return made === 0 ? 0 : made * Buffer.byteLength(JSON.stringify(object));
}

function idOf({ version }: Pick<Anew, "version">): string {
  return version.stix_id;
}

async function readEarly(
  db: Queryable,
  all: readonly Ahead[],
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const renditions = all.flatMap(({ anew }) => anew.sent.map(({ renditionId }) => renditionId));
  return await selectClosedEarly(db, renditions);
}

/** Whether an object changes, and what is written of that changes what is decided of it. */
function isApart(context: ReleaseContext, versions: readonly Ahead[], early: Gone): boolean {
  if (!versions.some(({ anew }) => anew.isCounted || isForItsHolders(anew) || isNewlyVictims(anew)))
    return false;
  if (versions.some((one) => one.lost.length > 0 || isClosed(one, early))) return true;
  return versions.some(({ anew }) => anew.isCounted && sendOf(context, anew).copies.length > 0);
}

function isNewlyVictims({ version, victims }: Anew): boolean {
  return victims !== undefined && !version.is_victims;
}

function withoutGone(anew: Anew, gone: Gone): Anew {
  if (gone.size === 0) return anew;
  const before = anew.before.without(gone);
  return { ...anew, before, sent: before.of(anew.version) };
}
