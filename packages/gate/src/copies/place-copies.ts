import type { Outcome } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { keptDecision } from "../decide/decided.ts";
import { internDecisions } from "../decide/intern-decisions.ts";
import { codesOf } from "../entry/leaf.ts";
import type { PlannedCopy, Send } from "../judge/judge-release.ts";
import { internAudiences } from "../store/audience.ts";
import { renditionIds } from "../store/rendition.ts";
import { type Readers, union } from "./sights.ts";

/** A copy, and where it goes. `wider` has the audience with those who had it before. */
export type Placed = {
  copy: PlannedCopy;
  renditionId: number;
  audienceId: number;
  wider: number;
  /** One for each decision by which somebody gets it. */
  entries: readonly PlacedEntry[];
};

export type PlacedEntry = Interned & { decision: PlacedDecision };

type PlacedDecision = { id: number; body: string };

type Places = {
  of(send: Send): Placed[];
  decision(outcome: Outcome): PlacedDecision;
};

/** New renditions of one version get ids that follow one another, the whole one first. */
export async function makePlaces(
  db: Queryable,
  context: ReleaseContext,
  sends: readonly Send[],
): Promise<Places> {
  const { gate } = context;
  const copies = sends.flatMap((send) => send.copies);
  const ids = await renditionIds(db, gate, copies.filter(({ sent }) => sent === undefined).length);
  const outcomes = outcomesOf(sends);
  const decisions = await internDecisions(db, gate, [...outcomes].map(keptDecision));
  const placed = new Map([...outcomes].map((outcome) => [outcome, placedDecision(outcome, decisions)]));
  const decision = (outcome: Outcome): PlacedDecision => {
    const known = placed.get(outcome);
    if (known === undefined) throw new Error("a decision was not kept");
    return known;
  };
  const { audienceOf, widerOf } = await placeReaders(db, context, copies);
  let next = 0;
  const place = (copy: PlannedCopy): Placed => {
    const { audienceId } = audienceOf(copy.readers);
    const entries = copy.parts.map(({ readers, outcome }): PlacedEntry => {
      const { audienceId: id, recipients } = audienceOf(readers);
      return { audienceId: id, recipients, decision: decision(outcome) };
    });
    const renditionId = copy.sent?.renditionId ?? ids[next++] ?? 0;
    return { copy, renditionId, audienceId, wider: widerOf(copy) ?? audienceId, entries };
  };
  return {
    decision,
    of: ({ copies: sent }) => wholeFirst(sent).map(place),
  };
}

function outcomesOf(sends: readonly Send[]): Set<Outcome> {
  const outcomes = new Set<Outcome>();
  for (const { copies, asking } of sends) {
    for (const { parts } of copies) for (const { outcome } of parts) outcomes.add(outcome);
    for (const { outcome } of asking) outcomes.add(outcome);
  }
  return outcomes;
}

/** There is one of it at most, since copies under equal views are one. */
function wholeFirst(copies: readonly PlannedCopy[]): readonly PlannedCopy[] {
  const at = copies.findIndex(({ view }) => view === undefined);
  const whole = copies[at];
  return at <= 0 || whole === undefined ? copies : [whole, ...copies.toSpliced(at, 1)];
}

function placedDecision(outcome: Outcome, decisions: ReadonlyMap<string, number>): PlacedDecision {
  const { hash, body } = keptDecision(outcome);
  const id = decisions.get(hash.toString("base64"));
  if (id === undefined) throw new Error("a decision was not kept");
  return { id, body };
}

type Interned = { audienceId: number; recipients: readonly string[] };

/** Those of each copy and of its entries, and those of it with all who had it before. Equal readers are often one array. */
async function placeReaders(
  db: Queryable,
  { gate }: ReleaseContext,
  copies: readonly PlannedCopy[],
): Promise<{
  audienceOf: (readers: Readers) => Interned;
  widerOf: (copy: PlannedCopy) => number | undefined;
}> {
  const interned = new Map<Readers, Interned>();
  const widened = new Map<PlannedCopy, Readers>();
  const all = new Set<Readers>();
  for (const copy of copies) {
    const { readers, parts, sent } = copy;
    all.add(readers);
    for (const part of parts) all.add(part.readers);
    if (sent !== undefined) widened.set(copy, union(sent.readers, readers));
  }
  const idOf = await internAudiences(db, gate, [...all, ...widened.values()]);
  for (const readers of all)
    interned.set(readers, { audienceId: idOf(readers), recipients: await codesOf(db, gate, readers) });
  const audienceOf = (readers: Readers): Interned => {
    const known = interned.get(readers);
    if (known === undefined) throw new Error("an audience was not kept");
    return known;
  };
  const widerOf = (copy: PlannedCopy): number | undefined => {
    const readers = widened.get(copy);
    return readers && idOf(readers);
  };
  return { audienceOf, widerOf };
}
