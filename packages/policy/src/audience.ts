import { decide } from "./decide.ts";
import { joinOutcomes, type Outcome, outcomeKey } from "./outcome.ts";
import type { Organisation, Subject } from "./subject.ts";

/** Recipients that get the same copy. Its outcome unites the reasons of all of them. */
export type Audience = { key: string; outcome: Outcome; organisationIds: number[] };

/** Groups those who may see the subject by the copy that they get; those withheld from are left out. */
export function audienceFor(subject: Subject, organisations: readonly Organisation[]): Audience[] {
  const groups = new Map<string, { outcomes: Map<string, Outcome>; ids: Set<number> }>();
  for (const organisation of organisations) {
    const outcome = decide(subject, organisation);
    if (outcome.withheld) continue;
    const key = outcomeKey(outcome);
    const group = groups.get(key) ?? { outcomes: new Map<string, Outcome>(), ids: new Set<number>() };
    group.outcomes.set(outcome.reasons.map(({ code }) => code).join(), outcome);
    group.ids.add(organisation.id);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, { outcomes, ids }]) => ({
      key,
      outcome: joinOutcomes(...outcomes.values()),
      organisationIds: [...ids].sort((a, b) => a - b),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** How many different subjects a memo holds before it starts afresh: a submission seldom has ten. */
const MEMO_LIMIT = 1024;

/**
 * `audienceFor` over one fixed list of organisations, remembered per kind of subject: the thousand
 * indicators of a submission differ in nothing that a decision reads. Make a new one when the list changes.
 * Callers share the answer and must not change it.
 */
export function audienceMemo(
  organisations: readonly Organisation[],
): (subject: Subject) => readonly Audience[] {
  const known = new Map<string, readonly Audience[]>();
  return (subject) => {
    const key = subjectKey(subject);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    if (known.size >= MEMO_LIMIT) known.clear();
    const audiences = audienceFor(subject, organisations);
    known.set(key, audiences);
    return audiences;
  };
}

/** Every property that a rule can read is here: one left out would hand on another subject's audience. */
function subjectKey({ type, tlp, pap, producer, to, ends }: Subject): string {
  const { id, code, member, kind } = producer;
  return JSON.stringify([type, tlp, pap ?? null, id, code, member, kind, to, ends ?? null]);
}
