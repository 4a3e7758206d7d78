import type { ToldName } from "@suar/contract";
import { type DecisionTally, isSameDecision, NOTHING, type Organisation, type Outcome } from "@suar/policy";
import { type Queryable, Slices } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { Decisions } from "../decide/decisions.ts";
import { type ToldReader, toldOf } from "../explain/told-as.ts";
import { Names } from "../judge/names.ts";
import { readIndividuals } from "../store/individuals.ts";
import { type Stated, sightsUnderBoth } from "./replay-ends.ts";

/** One of the decisions that would change. `own`: of the asker's own object, which it knows whole. */
export type ReplayExample = {
  id: string;
  type: string;
  producer: string;
  recipient: ToldName;
  own: boolean;
  before: Outcome;
  after: Outcome;
};

/** What is decided twice, and for whom: by the policies in force, and by those with the change put in. */
export type Replay = {
  context: ReleaseContext;
  changed: ReleaseContext["policies"];
  recipients: readonly Organisation[];
  asker: Organisation;
  tally: DecisionTally<ReplayExample>;
};

/** A version, by the id under which the asker knows it. */
export type Shown = Stated & { shownId: string };

/** Decides a page of one producer's versions twice, as the gate decides them anew, and tallies both. */
export async function replayPage(db: Queryable, replay: Replay, page: readonly Shown[]): Promise<void> {
  const { context, changed, recipients } = replay;
  const names = new Names(page.map(({ object }) => object));
  const individuals = await readIndividuals(db, context);
  const old = { ...context, organisations: recipients };
  const young = { ...old, policies: changed };
  const sights = await sightsUnderBoth(
    db,
    [old, young],
    recipients,
    page,
    { names, individuals },
    { producer: context.producer, organisations: context.organisations },
  );
  const both: Both = [
    new Decisions(old, { sights: sights.before, individuals }, names),
    new Decisions(young, { sights: sights.after, individuals }, names),
  ];
  const slices = new Slices();
  for (const one of page) {
    if (slices.over) await slices.next();
    tallyOne(replay, both, one);
  }
}

type Both = readonly [Decisions, Decisions];

function tallyOne({ recipients, context, asker, tally }: Replay, both: Both, one: Shown): void {
  const { object, facts, shownId } = one;
  const reader = readerOf(asker, context.producer, one);
  const [old, young] = both.map((decisions) => decisions.outcomes(one)) as [Told, Told];
  for (const { organisation: recipient, told } of toldOf(recipients, reader)) {
    let [before, after] = [old, young].map(({ outcomes }) => outcomes.get(recipient.id) ?? WITHHELD) as Pair;
    if (!isSameDecision(before, after))
      [before, after] = [before, after].map((outcome, n) =>
        asSent(both[n] as Decisions, one, recipient, outcome),
      ) as Pair;
    tally.add(facts.contentClass, before, after, () => ({
      id: shownId,
      type: object.type,
      producer: context.producer.code,
      recipient: told,
      own: asker.id === context.producer.id,
      before: explained(both[0], old, recipient, before),
      after: explained(both[1], young, recipient, after),
    }));
  }
}

/** Whom another named, of what the asker has but a copy, is not told. */
function readerOf(asker: Organisation, producer: Organisation, { version }: Shown): ToldReader {
  return { member: asker.member, named: asker.id === producer.id ? (version.named ?? []) : [] };
}

type Told = ReturnType<Decisions["outcomes"]>;
type Pair = [Outcome, Outcome];

const WITHHELD: Outcome = { ...NOTHING, decision: "withhold", withheld: true };

/** A copy of which STIX says that nothing is left is sent to nobody. */
function asSent(
  decisions: Decisions,
  { object, victims }: Shown,
  { id }: Organisation,
  outcome: Outcome,
): Outcome {
  if (outcome.withheld || decisions.group(object, [{ readers: [id], outcome }], victims).length > 0)
    return outcome;
  return { ...outcome, decision: "withhold", withheld: true };
}

/** What is withheld is not grouped with its reasons: they are asked for where they are told. */
function explained(
  decisions: Decisions,
  { subjects }: Told,
  recipient: Organisation,
  outcome: Outcome,
): Outcome {
  const [subject] = subjects;
  return outcome === WITHHELD && subject !== undefined ? decisions.why(subject, recipient) : outcome;
}
