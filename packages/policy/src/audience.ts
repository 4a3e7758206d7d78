import { joinOutcomes, type Outcome, outcomeKey } from "./outcome.ts";
import type { MarkedSubject, Organisation, Subject } from "./subject.ts";

/** Recipients of one outcome, to the last reason and obligation. */
export type AudiencePart = { outcome: Outcome; organisationIds: number[] };

/**
 * Recipients that get the same copy after the same approvals. Its outcome unites the reasons of all of them; the parts
 * have each one's own.
 */
export type Audience = {
  key: string;
  outcome: Outcome;
  organisationIds: number[];
  parts: readonly AudiencePart[];
};

/** How one subject and one recipient are decided: `decide` under a context. */
export type Decider<Of extends MarkedSubject = Subject> = (subject: Of, recipient: Organisation) => Outcome;

/** Groups those who may see the subject by the copy that they get; those withheld from are left out. */
export function audienceFor<Of extends MarkedSubject>(
  subject: Of,
  organisations: readonly Organisation[],
  decider: Decider<Of>,
): Audience[] {
  const groups = new Map<string, Map<string, { outcome: Outcome; ids: Set<number> }>>();
  for (const organisation of organisations) {
    const outcome = decider(subject, organisation);
    if (outcome.withheld) continue;
    const key = outcomeKey(outcome);
    const parts = groups.get(key) ?? new Map<string, { outcome: Outcome; ids: Set<number> }>();
    const own = partKey(outcome);
    const part = parts.get(own) ?? { outcome, ids: new Set<number>() };
    part.ids.add(organisation.id);
    groups.set(key, parts.set(own, part));
  }
  return [...groups]
    .map(([key, parts]): Audience => {
      const all = [...parts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
      return {
        key,
        outcome: joinOutcomes(...all.map(({ outcome }) => outcome)),
        organisationIds: ascending(all.flatMap(({ ids }) => [...ids])),
        parts: all.map(({ outcome, ids }) => ({ outcome, organisationIds: ascending([...ids]) })),
      };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function partKey({ reasons, obligations, bases, fourEyes, deadlineHours }: Outcome): string {
  const said = reasons.map(({ code, rule }) => `${code} ${rule}`);
  const grounds = bases.map(({ pair, status }) => `${pair} ${status}`);
  return [...said, ...obligations, ...grounds, fourEyes, deadlineHours].join("\n");
}

function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** How many different subjects a memo holds before it starts afresh: a submission seldom has ten. */
const MEMO_LIMIT = 1024;

/**
 * `audienceFor` over one fixed list of organisations and one decider, remembered per kind of subject: the thousand
 * indicators of a submission differ in nothing that a decision reads. Make a new one when the list, the policies, the
 * quota's counts or the time change. Callers share the answer and must not change it.
 */
export function audienceMemo<Of extends MarkedSubject>(
  organisations: readonly Organisation[],
  decider: Decider<Of>,
): (subject: Of) => readonly Audience[] {
  const known = new Map<string, readonly Audience[]>();
  return (subject) => {
    const key = subjectKey(subject);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    if (known.size >= MEMO_LIMIT) known.clear();
    const audiences = audienceFor(subject, organisations, decider);
    known.set(key, audiences);
    return audiences;
  };
}

/** Every property that a rule can read is here: one left out would hand on another subject's audience. */
const READ: { readonly [Name in keyof Subject]-?: true } = {
  type: true,
  contentClass: true,
  tlp: true,
  pap: true,
  producer: true,
  to: true,
  ends: true,
  parents: true,
  releasableTo: true,
  noForward: true,
  expires: true,
  findings: true,
  purpose: true,
  labels: true,
  sectors: true,
};
const READ_NAMES = Object.keys(READ) as readonly (keyof Subject)[];

export function subjectKey(subject: MarkedSubject & Partial<Subject>): string {
  let key = "";
  for (const name of READ_NAMES) key += keyPart(subject[name]);
  return key;
}

/** Each part says how long it is, so that no two subjects have one key. */
function keyPart(value: Subject[keyof Subject] | undefined): string {
  if (value === undefined) return "-";
  const text = typeof value === "string" ? value : Array.isArray(value) ? listText(value) : jsonOf(value);
  return `${text.length}:${text}`;
}

function listText(list: readonly unknown[]): string {
  return list.length === 0 ? "[]" : JSON.stringify(list);
}

const written = new WeakMap<object, string>();

/** Producers are few, and none is changed. */
function jsonOf(value: object | boolean): string {
  if (typeof value === "boolean") return String(value);
  const known = written.get(value) ?? JSON.stringify(value);
  written.set(value, known);
  return known;
}
