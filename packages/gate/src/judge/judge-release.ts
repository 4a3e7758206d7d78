import type { ToldName } from "@suar/contract";
import {
  followLimits,
  joinLimits,
  NO_LIMITS,
  type Organisation,
  ownMarkings,
  type Subject,
  sameLimits,
} from "@suar/policy";
import { type Queryable, Slices } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import { SentBefore } from "../anew/sent-before.ts";
import { type Addressed, addressing } from "../context/addressing.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import type { Group, Ruled } from "../copies/copies.ts";
import { copyIds, type EarlierCopy, viewHash } from "../copies/copy-ids.ts";
import type { View } from "../copies/make-copy.ts";
import { type Readers, union } from "../copies/sights.ts";
import { keptDecision } from "../decide/decided.ts";
import { type Decision, Decisions } from "../decide/decisions.ts";
import type { CountedIndividuals } from "../decide/individuals.ts";
import type { Asking } from "../decide/policy-readers.ts";
import { asProducer, tellParties } from "../explain/told-as.ts";
import type { Kept } from "../store/version.ts";
import { NO_VICTIMS } from "../victims/known-victims.ts";
import { isChanged } from "../victims/names-of.ts";
import { type Known, readKnown } from "./known.ts";
import { Names } from "./names.ts";
import { referencedFirst } from "./order.ts";
import { type Again, type Fresh, sortItems } from "./sort-items.ts";

/** A copy that goes to readers: the object as it is, or, under a view, redacted and with an id of its own. */
export type PlannedCopy = {
  id: string;
  readers: Readers;
  /** Why they get it, and what is left out: an entry for each decision, since one's approval is not another's. */
  parts: readonly Ruled[];
  view: View | undefined;
  /** The view's keyed hash; the same again is the same copy. */
  viewHash: string | undefined;
  /** Under a view: the object as this batch has it, redacted, with the original's id yet. */
  copy: StixObject | undefined;
  /** Set when readers had this very copy before. */
  sent?: { id: string; renditionId: number; readers: Readers };
};

/**
 * Something that goes to readers: a new version, or a known one that its originator now addresses to more. `asking` are
 * those who would get it if others agreed; `addressed` is set where its originator addresses it to others than before.
 */
export type Send = {
  subjects: readonly Subject[];
  /** All whom policy lets have it now, those who have it already among them. */
  groups: readonly Group[];
  copies: readonly PlannedCopy[];
  asking: readonly Asking[];
  addressed: Addressed | undefined;
  isVictims: boolean;
} & (Fresh | Again);

/** What a release would be, and what that rests on. */
export type JudgedRelease = {
  names: Names;
  known: Known;
  /** In the items' order. */
  outcomes: ReleaseOutcome[];
  kept: Kept[];
  /** The referenced before the referring: who may see these depends on who may see those. */
  sends: Send[];
  individuals: readonly CountedIndividuals[];
  decisions: Decisions;
  /** Ids of what was stated before under a weaker marking, or for more. */
  narrowing: string[];
  /** Ids of what was stated before as nobody's who was a victim. */
  exposed: string[];
};

/**
 * Judges each item against what its producer stated before, and asks policy who gets it, in which copies. Reads
 * and writes nothing else: a dry run is this, and a release begins with it.
 */
export async function judgeRelease(
  db: Queryable,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<JudgedRelease> {
  const names = new Names(items.map(({ object }) => object));
  const known = await readKnown(db, context, items, names);
  const { outcomes, stated, kept } = sortItems(items, known.versions, context);
  const before = await SentBefore.read(db, known.versions);
  const decisions = new Decisions(context, known, names);
  const sends: Send[] = [];
  const victims = known.victims.known.with(context.victims ?? NO_VICTIMS);
  const slices = new Slices();
  const organisations = new Map(context.organisations.map((one) => [one.id, one]));
  for (const said of referencedFirst(stated, names)) {
    if (slices.over) await slices.next();
    const one = underLimits(said, known);
    const { id } = one.item.object;
    const { limits } = one.item;
    const sayings =
      one.kind === "fresh" ? [one.item, ...one.also].map((each) => ({ ...each, limits })) : [one.item];
    // Where nobody looked whose things are, whoever has an address of electronic mail is taken for a victim.
    const planned = context.victims?.names.has(id) ?? one.item.object.type === "email-addr";
    const looks = planned && isChanged(id);
    const live = known.versions.get(id)?.filter((version) => version.withdrawn_at === null) ?? [];
    // Whose thing was a victim's once is one under another content, too, until its producer takes it back.
    const was = live.some((version) => version.is_victims);
    const decision = decisions.of(one.item.object, sayings, victims.of(one.item.object, was, looks));
    const send =
      one.kind === "fresh"
        ? freshSend(context, one, decision, before)
        : againSend(context, one, decision, before);
    if (names.all.has(id)) decisions.note(id, send.copies);
    if (send.copies.length === 0 && send.asking.length === 0 && send.addressed === undefined) continue;
    decisions.count(send.copies);
    sends.push(send);
    if (one.kind === "again" && send.copies.length > 0)
      outcomes[one.index] = { outcome: "accepted", id, code: "shared-further" };
    const waiting = waitingIn(send, organisations, context.producer);
    const outcome = outcomes[one.index];
    if (waiting.length > 0 && outcome !== undefined && outcome.outcome !== "rejected")
      outcomes[one.index] = { ...outcome, waiting };
  }
  const of = (all: readonly Send[]): string[] => all.map(({ item }) => item.object.id);
  const narrowing = of(sends.filter((send) => narrows(send, known)));
  const exposed = of(sends.filter((send) => exposes(send, known)));
  const { individuals } = decisions;
  return { names, known, outcomes, kept, sends, narrowing, exposed, individuals, decisions };
}

/** Names of those who have to wait, as the producer may be told of them. */
function waitingIn(
  { asking, subjects }: Send,
  organisations: ReadonlyMap<number, Organisation>,
  producer: Organisation,
): ToldName[] {
  const waiting = asking.flatMap(({ readers }) =>
    readers.flatMap((reader) => organisations.get(reader) ?? []),
  );
  return tellParties(waiting, asProducer(producer, subjects));
}

/**
 * The same said again is under all that was ever said of it; a newer version is under what is said of it, and, where
 * nothing is, under what was said of the one before: who is silent does not widen.
 */
function underLimits<One extends Fresh | Again>(one: One, { versions }: Known): One {
  const { limits = NO_LIMITS, object } = one.item;
  if (one.kind === "again")
    return { ...one, item: { ...one.item, limits: joinLimits(one.version.limits, limits) } };
  const live = versions.get(object.id)?.filter((version) => version.withdrawn_at === null) ?? [];
  const latest = live.toSorted((a, b) => b.rank - a.rank)[0];
  const before = latest?.limits ?? NO_LIMITS;
  return before === NO_LIMITS ? one : { ...one, item: { ...one.item, limits: followLimits(before, limits) } };
}

/** Whether what was stated before turns out to be a victim's. */
function exposes({ item, isVictims }: Send, { versions }: Known): boolean {
  const before = isVictims ? (versions.get(item.object.id) ?? []) : [];
  return before.some((version) => version.withdrawn_at === null && !version.is_victims);
}

/** Whether less may be told of what was stated before than was said then: its marking is stricter, or it is limited. */
function narrows({ kind, item, ...send }: Send, { versions }: Known): boolean {
  const { object, tlp, pap, limits = NO_LIMITS } = item;
  const live = versions.get(object.id)?.filter((version) => version.withdrawn_at === null) ?? [];
  if (kind === "again") return "version" in send && !sameLimits(limits, send.version.limits);
  return live.some((version) => {
    const both = ownMarkings({ tlp, pap }, { tlp: version.tlp, pap: version.pap ?? undefined });
    if (both.tlp !== version.tlp || (both.pap ?? null) !== version.pap) return true;
    return !sameLimits(joinLimits(version.limits, limits), version.limits);
  });
}

export function freshSend(context: ReleaseContext, one: Fresh, decision: Decision, before: SentBefore): Send {
  const { subjects, asking, groups } = decision;
  const isVictims = decision.victims !== undefined;
  const { id } = one.item.object;
  const copies = nameCopies(context, id, viewed(context, groups), {
    earlier: before.copiesOf(id),
    taken: new Set(),
  });
  return { ...one, subjects, groups, asking, copies, isVictims, addressed: addressing(subjects) };
}

/** Of the copies of a known version, those that are new to somebody. Who has the whole of it needs no other. */
export function againSend(context: ReleaseContext, one: Again, decision: Decision, before: SentBefore): Send {
  const { subjects, asking, groups } = decision;
  const isVictims = decision.victims !== undefined;
  const { version } = one;
  const { object, limits = version.limits } = one.item;
  const { id } = object;
  const sent = before.of(version);
  const [whole] = sent;
  const wider = viewed(context, groups).flatMap((copy): Viewed[] => {
    const same = sent.find(({ viewHash }) => viewHash === copy.viewHash);
    const have = new Set([...whole.readers, ...(same?.readers ?? [])]);
    const parts = without(have, copy.parts);
    if (parts.length === 0) return [];
    return [{ ...copy, readers: readersOf(parts), parts, ...(same && { sent: same }) }];
  });
  const taken = new Set(sent.slice(1).map((copy) => copy.id));
  const copies = nameCopies(context, id, wider, { earlier: before.copiesOf(id), taken });
  const have = new Set(sent.flatMap(({ readers }) => readers));
  const saysMore = (isVictims && !version.is_victims) || !sameLimits(limits, version.limits);
  return {
    ...one,
    subjects,
    groups,
    copies,
    asking: without(have, asking),
    isVictims,
    addressed: addressing(subjects, version) ?? (saysMore ? version : undefined),
  };
}

function without(have: ReadonlySet<number>, ruled: readonly Ruled[]): Ruled[] {
  return ruled.flatMap(({ readers, outcome }) => {
    const left = readers.filter((reader) => !have.has(reader));
    return left.length === 0 ? [] : [{ readers: left, outcome }];
  });
}

type Viewed = Omit<PlannedCopy, "id">;

/** Copies under equal views are one. */
function viewed({ gate }: ReleaseContext, groups: readonly Group[]): Viewed[] {
  const copies = groups.map(({ readers, outcome, view, copy }) => {
    return { readers, parts: [{ readers, outcome }], view, copy, viewHash: view && viewHash(gate, view) };
  });
  const isAlone = ({ viewHash: hash }: Viewed, at: number): boolean =>
    !copies.some((other, n) => n > at && other.viewHash === hash);
  if (copies.every(isAlone)) return copies;
  return [...Map.groupBy(copies, (copy) => copy.viewHash).values()].flatMap((same): Viewed[] => {
    const [first] = same;
    if (first === undefined || same.length === 1) return same;
    return [{ ...first, readers: readersOf(same), parts: byDecision(same.flatMap(({ parts }) => parts)) }];
  });
}

function byDecision(parts: readonly Ruled[]): Ruled[] {
  const kept = Map.groupBy(parts, ({ outcome }) => keptDecision(outcome).body);
  return [...kept.values()].flatMap((same) =>
    same.slice(0, 1).map(({ outcome }) => ({ outcome, readers: readersOf(same) })),
  );
}

function readersOf(all: readonly { readers: Readers }[]): Readers {
  return all.map(({ readers }) => readers).reduce(union);
}

function nameCopies(
  { gate, producer }: ReleaseContext,
  id: string,
  copies: readonly Viewed[],
  known: { earlier: readonly EarlierCopy[]; taken: ReadonlySet<string> },
): PlannedCopy[] {
  if (copies.every(({ view }) => view === undefined)) return copies.map((copy) => ({ ...copy, id }));
  const unnamed = copies.flatMap(({ viewHash: view, readers, sent }) =>
    view === undefined || sent !== undefined ? [] : [{ view, readers }],
  );
  const ids = unnamed.length === 0 ? [] : copyIds(gate, { id, producer: producer.id }, unnamed, known);
  let next = 0;
  return copies.map((copy) => {
    if (copy.sent !== undefined) return { ...copy, id: copy.sent.id };
    return { ...copy, id: copy.view === undefined ? id : (ids[next++] ?? id) };
  });
}
