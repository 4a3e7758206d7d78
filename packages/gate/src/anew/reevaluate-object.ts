import type { PoolClient, Queryable } from "@suar/runtime";
import { withApprovals } from "../approvals/agreed-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { viewHash } from "../copies/copy-ids.ts";
import { union } from "../copies/sights.ts";
import { keptDecision } from "../decide/decided.ts";
import { againSend } from "../judge/judge-release.ts";
import { sendAgain } from "../send/send-again.ts";
import { findLost, keepsOf, type Lost, Told, takeAway } from "../send/take-away.ts";
import { closeAt, selectClosedEarly } from "../store/closed.ts";
import { lapseDecidedAnew, selectWord } from "../store/pending.ts";
import { selectEveryVersion } from "../store/version.ts";
import { noteAsVictims } from "../victims/note-as-victims.ts";
import { type Anew, decideAnew, type Naming } from "./decide-anew.ts";
import { type StatedVersion, statedOf } from "./stated-version.ts";

/** What became of an object: whether somebody lost a copy of it, and whether somebody got one. */
export type Change = { lost: boolean; gained: boolean };

/** Decides all versions of one object anew: first takes away what may not stay, then gives out what is due. */
export async function reevaluateObject(
  db: PoolClient,
  context: ReleaseContext,
  stixId: string,
  naming: Naming,
): Promise<Change> {
  const change = { lost: false, gained: false };
  const told = new Told();
  const live = await liveVersions(db, context, stixId);
  const decided = new Map<StatedVersion, Anew>();
  const gone = await selectClosedEarly(db, renditionsOf(live));
  for (const stated of live) {
    const anew = await decideVersion(db, context, stated, naming);
    decided.set(stated, anew);
    const found = await findLost(db, anew);
    for (const { sent, readers } of anew.sent.map((copy) => keepsOf(copy, found)))
      addGone(gone, sent.renditionId, told.takeLosing(sent.id, readers));
    const lost = joinLost(found, findReplaced(context, anew, gone));
    for (const { sent, readers } of anew.sent.map((copy) => keepsOf(copy, lost))) told.keep(sent.id, readers);
    if (lost.length > 0) await takeAway(db, context, anew, lost, told);
    change.lost ||= lost.length > 0;
  }
  await keepVictims(db, context, [...decided.values()]);
  // What was decided holds until something is written: most objects stay as they are, and are decided once.
  const isAsItWas = !change.lost && gone.size === 0;
  const now = isAsItWas ? live : without(gone, await liveVersions(db, context, stixId));
  for (const stated of now.toReversed()) {
    const isTrue = isAsItWas && !change.gained;
    const anew = (isTrue && decided.get(stated)) || (await decideVersion(db, context, stated, naming));
    if (await giveOut(db, context, anew)) change.gained = true;
    await endInTime(db, context, anew);
  }
  return change;
}

/** The newest first; however many there are. */
async function liveVersions(
  db: Queryable,
  context: ReleaseContext,
  stixId: string,
): Promise<StatedVersion[]> {
  return await statedOf(db, context, await selectEveryVersion(db, context.producer.id, stixId));
}

/** Readers, by renditions. */
type Gone = Map<number, ReadonlySet<number>>;

function addGone(gone: Gone, renditionId: number, readers: readonly number[]): void {
  if (readers.length > 0) gone.set(renditionId, new Set([...(gone.get(renditionId) ?? []), ...readers]));
}

/**
 * Who was not told that a copy was closed, and keeps it after all, gets it as if it had never been sent: whoever read the
 * log meanwhile went past its entry. So does who keeps an older version than one that they were told they lost.
 */
function without(gone: Gone, all: StatedVersion[]): StatedVersion[] {
  return all.map((one) => {
    const before = one.before.without(gone);
    return { ...one, before, sent: before.of(one.version) };
  });
}

function renditionsOf(all: readonly StatedVersion[]): number[] {
  return all.flatMap(({ sent }) => sent.map(({ renditionId }) => renditionId));
}

/** Copies that are gone from readers to whom another one is due: these are told, although they could have kept them. */
function findReplaced({ gate }: ReleaseContext, { sent, decision }: Anew, gone: Gone): Lost[] {
  const isDue = (reader: number, hash: string | undefined): boolean => {
    const group = decision.groups.find(({ readers }) => readers.includes(reader));
    return group !== undefined && (group.view && viewHash(gate, group.view)) === hash;
  };
  return sent.flatMap((copy) => {
    const from = gone.get(copy.renditionId);
    const readers = copy.readers.filter((one) => from?.has(one) === true && !isDue(one, copy.viewHash));
    return readers.length === 0 ? [] : [{ sent: copy, readers }];
  });
}

function joinLost(lost: readonly Lost[], more: readonly Lost[]): readonly Lost[] {
  if (more.length === 0) return lost;
  const copies = Map.groupBy([...lost, ...more], ({ sent }) => sent);
  return [...copies].map(([sent, all]) => ({
    sent,
    readers: all.map(({ readers }) => readers).reduce(union),
  }));
}

async function decideVersion(
  db: Queryable,
  context: ReleaseContext,
  stated: StatedVersion,
  naming: Naming,
): Promise<Anew> {
  const anew = await decideAnew(db, context, stated, naming);
  return { ...anew, decision: await withApprovals(db, context, anew) };
}

/** What is decided as a victim's once stays so, also where what said so is taken back. */
async function keepVictims(
  db: Queryable,
  { gate, producer }: ReleaseContext,
  decided: readonly Anew[],
): Promise<void> {
  const unnoted = decided.flatMap(({ version, victims }) => (victims === undefined ? [] : [version]));
  await noteAsVictims(db, { gate, producer }, unnoted);
}

/** What was sent of it is over when the version is by now: its originator may have said so since. */
async function endInTime(db: PoolClient, { producer }: ReleaseContext, { item, sent }: Anew): Promise<void> {
  const at = item.limits?.expires;
  if (at === undefined) return;
  const closings = sent.map(({ renditionId }) => ({ renditionId, at }));
  await closeAt(db, producer.id, closings, "sent");
}

/** Sends what is due to those who do not have it, and asks where somebody has to agree. */
async function giveOut(db: PoolClient, context: ReleaseContext, anew: Anew): Promise<boolean> {
  const { version, item, decision, before } = anew;
  const one = { kind: "again", item, index: 0, version } as const;
  const send = againSend(context, one, decision, before);
  const place = { producer: context.producer.id, stixId: version.stix_id, version: version.version };
  await lapseDecidedAnew(
    db,
    place,
    send.asking.map(({ outcome }) => keptDecision(outcome).hash),
  );
  // Who submitted it does not come to approve it because somebody else decided it anew.
  const word = (send.asking.length > 0 && (await selectWord(db, place))) || context.word;
  await sendAgain(db, { ...context, word }, { ...send, addressed: undefined }, anew);
  return send.copies.length > 0;
}
