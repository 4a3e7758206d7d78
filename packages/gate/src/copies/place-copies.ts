import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { keptDecision } from "../decide/decided.ts";
import { internDecisions } from "../decide/intern-decisions.ts";
import { codesOf } from "../entry/leaf.ts";
import type { Send, SentCopy } from "../judge/judge-release.ts";
import { internAudience } from "../store/audience.ts";
import { renditionIds } from "../store/rendition.ts";
import { type Readers, union } from "./sights.ts";

/** A copy, and where it goes. `wider` has the audience with those who had it before. */
export type Placed = Interned & {
  copy: SentCopy;
  renditionId: number;
  wider: number;
  decision: { id: number; body: string };
};

type Places = {
  of(send: Send): Promise<Placed[]>;
  decision(outcome: SentCopy["outcome"]): Placed["decision"];
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
  const intern = internOnce(db, context);
  let next = 0;
  const placed = new Map([...outcomes].map((outcome) => [outcome, placedDecision(outcome, decisions)]));
  const decision = (outcome: SentCopy["outcome"]): Placed["decision"] => {
    const known = placed.get(outcome);
    if (known === undefined) throw new Error("a decision was not kept");
    return known;
  };
  const place = async (copy: SentCopy): Promise<Placed> => {
    const to = await intern(copy.readers);
    const before = copy.sent;
    return {
      ...to,
      copy,
      renditionId: before?.renditionId ?? ids[next++] ?? 0,
      wider:
        before === undefined ? to.audienceId : (await intern(union(before.readers, copy.readers))).audienceId,
      decision: decision(copy.outcome),
    };
  };
  return {
    decision,
    of: async (send) => {
      const all: Placed[] = [];
      const wholeFirst =
        send.copies.length < 2
          ? send.copies
          : send.copies.toSorted((a, b) => Number(b.view === undefined) - Number(a.view === undefined));
      for (const copy of wholeFirst) all.push(await place(copy));
      return all;
    },
  };
}

function placedDecision(
  outcome: SentCopy["outcome"],
  decisions: ReadonlyMap<string, number>,
): Placed["decision"] {
  const { hash, body } = keptDecision(outcome);
  const id = decisions.get(hash.toString("base64"));
  if (id === undefined) throw new Error("a decision was not kept");
  return { id, body };
}

type Interned = { audienceId: number; recipients: readonly string[] };

/** Equal readers are often one array. */
function internOnce(db: Queryable, { gate }: ReleaseContext): (readers: Readers) => Promise<Interned> {
  const interned = new Map<Readers, Interned>();
  return async (readers) => {
    const known = interned.get(readers);
    if (known !== undefined) return known;
    const audienceId = await internAudience(db, gate, readers);
    const made = { audienceId, recipients: await codesOf(db, gate, readers) };
    interned.set(readers, made);
    return made;
  };
}
