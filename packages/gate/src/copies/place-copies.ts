import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { keptDecision } from "../decide/decided.ts";
import { internDecisions } from "../decide/intern-decisions.ts";
import { codesOf } from "../entry/leaf.ts";
import type { PlannedCopy, Send } from "../judge/judge-release.ts";
import { internAudience } from "../store/audience.ts";
import { renditionIds } from "../store/rendition.ts";
import { type Readers, union } from "./sights.ts";

/** A copy, and where it goes. `wider` has the audience with those who had it before. */
export type Placed = Interned & {
  copy: PlannedCopy;
  renditionId: number;
  wider: number;
  decision: { id: number; body: string };
};

type Places = {
  of(send: Send): Placed[];
  decision(outcome: PlannedCopy["outcome"]): Placed["decision"];
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
  const outcomes = new Set(
    [...copies, ...sends.flatMap((send) => send.asking)].map(({ outcome }) => outcome),
  );
  const decisions = await internDecisions(db, gate, [...outcomes].map(keptDecision));
  const placed = new Map([...outcomes].map((outcome) => [outcome, placedDecision(outcome, decisions)]));
  const decision = (outcome: PlannedCopy["outcome"]): Placed["decision"] => {
    const known = placed.get(outcome);
    if (known === undefined) throw new Error("a decision was not kept");
    return known;
  };
  const audienceOf = await internAudiences(db, context, copies);
  let next = 0;
  const place = (copy: PlannedCopy): Placed => ({
    ...audienceOf(copy),
    copy,
    renditionId: copy.sent?.renditionId ?? ids[next++] ?? 0,
    decision: decision(copy.outcome),
  });
  return {
    decision,
    of: ({ copies: sent }) => {
      if (sent.length < 2) return sent.map(place);
      return sent.toSorted((a, b) => Number(b.view === undefined) - Number(a.view === undefined)).map(place);
    },
  };
}

function placedDecision(
  outcome: PlannedCopy["outcome"],
  decisions: ReadonlyMap<string, number>,
): Placed["decision"] {
  const { hash, body } = keptDecision(outcome);
  const id = decisions.get(hash.toString("base64"));
  if (id === undefined) throw new Error("a decision was not kept");
  return { id, body };
}

type Interned = { audienceId: number; recipients: readonly string[] };

/** Those of each copy, and those of it with all who had it before. Equal readers are often one array. */
async function internAudiences(
  db: Queryable,
  { gate }: ReleaseContext,
  copies: readonly PlannedCopy[],
): Promise<(copy: PlannedCopy) => Interned & { wider: number }> {
  const interned = new Map<Readers, Interned>();
  const widened = new Map<PlannedCopy, number>();
  for (const copy of copies) {
    const { readers, sent } = copy;
    if (!interned.has(readers))
      interned.set(readers, {
        audienceId: await internAudience(db, gate, readers),
        recipients: await codesOf(db, gate, readers),
      });
    if (sent !== undefined) widened.set(copy, await internAudience(db, gate, union(sent.readers, readers)));
  }
  return (copy) => {
    const known = interned.get(copy.readers);
    if (known === undefined) throw new Error("an audience was not kept");
    return { ...known, wider: widened.get(copy) ?? known.audienceId };
  };
}
