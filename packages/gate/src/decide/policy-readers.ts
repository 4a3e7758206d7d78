import {
  type Audience,
  asRead,
  audienceMemo,
  type DecisionContext,
  decide,
  joinOutcomes,
  type Organisation,
  type Outcome,
  outcomeKey,
  type ReadWords,
  readWords,
  type Subject,
} from "@suar/policy";
import type { Ruled } from "../copies/copies.ts";
import { ascending, type Readers } from "../copies/sights.ts";
import { mildest, weightOf } from "./mildest.ts";

/** Those who would get a subject if others agreed; each with its own outcome, since one approval is not another's. */
export type Asking = Ruled;

/** What policy says of a subject: to whom it goes, and for whom somebody has to agree first. */
export type Ruling = { ruled: readonly Ruled[]; asking: readonly Asking[] };

/** Asks policy whom it lets have a subject; remembers, since a thousand indicators differ in little. */
export class PolicyReaders {
  readonly #memo: (subject: Subject) => readonly Audience[];
  readonly #read: ReadWords;
  readonly #rulings = new Map<readonly Audience[], Ruling>();
  readonly #outcomes = new Map<readonly Audience[], ReadonlyMap<number, Outcome>>();
  readonly #wholes = new Map<readonly Audience[], Readers>();

  constructor(organisations: readonly Organisation[], context: DecisionContext) {
    this.#read = readWords(context.policies);
    this.#memo = audienceMemo(organisations, (subject: Subject, recipient) =>
      decide(subject, recipient, context),
    );
  }

  /** Equal answers are one. Of several subjects, that of each reader which asks the least of it. */
  of(subjects: readonly Subject[]): Ruling {
    const [first, ...others] = subjects.map((subject) => this.#one(subject));
    if (first === undefined) return NOBODY;
    return others.every((other) => other === first) ? first : mildestOfEach([first, ...others]);
  }

  /** The outcome of each reader from whom it is not withheld: its own, to the last reason and undertaking. */
  each(subjects: readonly Subject[]): ReadonlyMap<number, Outcome> {
    const [first = NO_OUTCOMES, ...others] = subjects.map((subject) => this.#each(subject));
    if (others.every((other) => other === first)) return first;
    const all = [first, ...others].flatMap((each) => [...each]);
    return new Map(
      [...Map.groupBy(all, ([reader]) => reader)].flatMap(([reader, sayings]) => {
        const held = mildest(sayings.map(([, outcome]) => outcome));
        return held === undefined ? [] : [[reader, held]];
      }),
    );
  }

  #each(subject: Subject): ReadonlyMap<number, Outcome> {
    const audiences = this.#audiences(subject);
    const known = this.#outcomes.get(audiences) ?? outcomesOf(audiences);
    this.#outcomes.set(audiences, known);
    return known;
  }

  /** Those who may have it as it is, in ascending order; equal answers are one array. */
  whole(subject: Subject): Readers {
    const audiences = this.#audiences(subject);
    const known = this.#wholes.get(audiences) ?? ascending(this.#one(subject).ruled.flatMap(wholeReaders));
    this.#wholes.set(audiences, known);
    return known;
  }

  #audiences(subject: Subject): readonly Audience[] {
    return this.#memo(asRead(subject, this.#read));
  }

  #one(subject: Subject): Ruling {
    const audiences = this.#audiences(subject);
    const known = this.#rulings.get(audiences) ?? rulingOf(audiences);
    this.#rulings.set(audiences, known);
    return known;
  }
}

const NOBODY: Ruling = { ruled: [], asking: [] };
const NO_OUTCOMES: ReadonlyMap<number, Outcome> = new Map();

function outcomesOf(audiences: readonly Audience[]): ReadonlyMap<number, Outcome> {
  const parts = audiences.flatMap((audience) => audience.parts);
  return new Map(
    parts.flatMap(({ outcome, organisationIds }) => organisationIds.map((id) => [id, outcome] as const)),
  );
}

function wholeReaders({ outcome, readers }: Ruled): readonly number[] {
  return outcome.redactions.length === 0 ? readers : [];
}

function rulingOf(audiences: readonly Audience[]): Ruling {
  const ruled: Ruled[] = [];
  const asking: Asking[] = [];
  for (const { outcome, organisationIds, parts } of audiences) {
    if (outcome.withheld) continue;
    if (outcome.approvers.length === 0) ruled.push({ outcome, readers: ascending(organisationIds) });
    else for (const part of parts) asking.push({ outcome: part.outcome, readers: part.organisationIds });
  }
  return { ruled, asking };
}

function asks({ outcome }: Ruled): boolean {
  return outcome.approvers.length > 0;
}

/**
 * What was said more than once, to others each time: each reader has it by the saying that lets it have the most. Those
 * who get the same copy share it.
 */
function mildestOfEach(rulings: readonly Ruling[]): Ruling {
  const all = rulings.flatMap(({ ruled, asking }) => [...ruled, ...asking]);
  all.sort((a, b) => weightOf(a.outcome) - weightOf(b.outcome));
  const seen = new Set<number>();
  const parts = all.flatMap(({ readers, outcome }): Ruled[] => {
    const left = readers.filter((reader) => !seen.has(reader));
    for (const reader of left) seen.add(reader);
    return left.length === 0 ? [] : [{ readers: left, outcome }];
  });
  const ruled = parts.filter((one) => !asks(one));
  const joined = [...Map.groupBy(ruled, ({ outcome }) => outcomeKey(outcome)).values()].map((same): Ruled => {
    const outcomes = new Set(same.map(({ outcome }) => outcome));
    const [only] = outcomes;
    return {
      readers: ascending(same.flatMap(({ readers }) => readers)),
      outcome: outcomes.size === 1 && only !== undefined ? only : joinOutcomes(...outcomes),
    };
  });
  return { ruled: joined, asking: parts.filter(asks) };
}
