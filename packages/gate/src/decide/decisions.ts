import {
  type DecisionContext,
  decide,
  type Organisation,
  type Outcome,
  type ReadWords,
  readWords,
  type Subject,
  type Victims,
} from "@suar/policy";
import { type StixObject, suarId } from "@suar/stix";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { type Group, groupReaders, type Ruled } from "../copies/copies.ts";
import type { CopyKeys } from "../copies/make-copy.ts";
import { ascending, type Readers, type Sight, Sights } from "../copies/sights.ts";
import type { PlannedCopy } from "../judge/judge-release.ts";
import type { Known } from "../judge/known.ts";
import type { Names } from "../judge/names.ts";
import { IndividualLimits } from "./individual-limits.ts";
import { type CountedIndividuals, Individuals } from "./individuals.ts";
import { type Asking, PolicyReaders } from "./policy-readers.ts";
import { factsOf, type ObjectFacts, subjectOf } from "./subject-of.ts";

/** Close to a quota each count is a side of its own. */
const MOST_SIDES = 16;

/** `subjects` has one for each time that the same was said; `asking`, for whom others have to agree first. */
export type Decision = {
  subjects: readonly Subject[];
  groups: readonly Group[];
  asking: readonly Asking[];
  /** What of it is a victim's, or stands in it. */
  victims: Victims | undefined;
};

/** A version that was stated before, and in which jurisdictions somebody has it. */
type StatedBefore = {
  object: StixObject;
  facts: ObjectFacts;
  sayings: readonly Pick<ReleaseItem, "tlp" | "pap" | "to" | "limits">[];
  importers: ReadonlySet<string>;
};

/** Asks policy who may see each item of one batch, and in which copies. */
export class Decisions {
  readonly #producer: Organisation;
  readonly #keys: CopyKeys;
  readonly #limits: IndividualLimits;
  /** One for each side of the limits on individuals that the count came to. */
  readonly #policies = new Map<string, PolicyReaders>();
  readonly #context: DecisionContext;
  readonly #ask: () => PolicyReaders;
  readonly #individuals: Individuals;
  readonly #sights: Sights;
  readonly #read: ReadWords;
  readonly #names: Names;

  constructor(
    context: ReleaseContext,
    { sights, individuals }: Pick<Known, "sights" | "individuals">,
    names: Names,
  ) {
    const { producer, organisations, policies, planned, gate } = context;
    this.#names = names;
    this.#read = readWords(policies);
    this.#producer = producer;
    this.#keys = { redaction: gate.redactionKeys, author: suarId("identity", producer.code) };
    this.#individuals = new Individuals(producer, organisations, individuals);
    const { now } = context;
    const individualsYtd = (exporter: string, importer: string) => this.#individuals.ytd(exporter, importer);
    this.#context = { policies, now, individualsYtd };
    this.#ask = () => new PolicyReaders(organisations, this.#context);
    this.#limits = new IndividualLimits(policies, producer.member);
    this.#sights = new Sights(sights, planned);
  }

  /** Of an object as it was said: under these markings and to these, each time. */
  of(
    object: StixObject,
    sayings: readonly Pick<ReleaseItem, "tlp" | "pap" | "to" | "limits">[],
    victims: Victims | undefined,
  ): Decision {
    const facts = factsOf(object, victims, this.#read);
    const subjects = this.#subjects(object, facts, sayings);
    const { ruled, asking } = this.#policyFor(facts).of(subjects);
    return { subjects, asking, victims, groups: this.group(object, ruled, victims) };
  }

  /**
   * The same with no copies made: each reader's own outcome, for those from whom it is not withheld. Of its people
   * `importers` were told before.
   */
  outcomes({ object, facts, sayings, importers }: StatedBefore): {
    subjects: readonly Subject[];
    outcomes: ReadonlyMap<number, Outcome>;
  } {
    const subjects = this.#subjects(object, facts, sayings);
    const people = facts.findings.reduce((sum, { individuals }) => sum + individuals, 0);
    const ask = () => this.#policyFor(facts).each(subjects);
    return { subjects, outcomes: this.#individuals.without(people, importers, ask) };
  }

  /** Why one recipient may have a subject, or may not. */
  why(subject: Subject, recipient: Organisation): Outcome {
    return decide(subject, recipient, this.#context);
  }

  /** Parts readers by what they may know of what an object names. */
  group(object: StixObject, ruled: readonly Ruled[], victims: Victims | undefined): readonly Group[] {
    const names = this.#names.of(object);
    const by = { producer: this.#producer.id, keys: this.#keys };
    return groupReaders({ object, names, ruled, victims }, this.#sights, by);
  }

  /** What is sent counts for those that name it. */
  note(id: string, copies: readonly { id: string; readers: Readers }[]): void {
    this.#sights.note(id, copies);
  }

  /** The people whom it tells of count for what may still be told of others. */
  count(copies: readonly PlannedCopy[]): void {
    this.#individuals.count(copies);
  }

  get individuals(): readonly CountedIndividuals[] {
    return this.#individuals.added;
  }

  #subjects(
    object: StixObject,
    facts: ObjectFacts,
    sayings: readonly Pick<ReleaseItem, "tlp" | "pap" | "to" | "limits">[],
  ): Subject[] {
    const ends = isTie(object.type) ? this.#endsOf(this.#names.of(object)) : undefined;
    const producer = this.#producer;
    return sayings.map((saying) => subjectOf(facts, { ...saying, producer }, ends));
  }

  #policyFor(facts: ObjectFacts): PolicyReaders {
    const { member } = this.#producer;
    const side = this.#limits.sideOf(facts, (importer) => this.#individuals.ytd(member, importer));
    const known = this.#policies.get(side) ?? this.#ask();
    if (!this.#policies.has(side)) {
      if (this.#policies.size >= MOST_SIDES) this.#policies.clear();
      this.#policies.set(side, known);
    }
    return known;
  }

  /** For each end that somebody stated, who has any copy of it; undefined where nothing is known of any. */
  #endsOf(names: readonly string[]): Readers[] | undefined {
    const ends = names.flatMap((id) => this.#sights.of(id) ?? []).map(({ copies }) => readersOfAll(copies));
    return ends.length === 0 ? undefined : ends;
  }
}

/** What a relationship or a sighting tells of (STIX 2.1 §5) is its ends; it is withheld with any of them. */
export function isTie(type: string): boolean {
  return type === "relationship" || type === "sighting";
}

function readersOfAll([first, ...others]: Sight["copies"]): Readers {
  if (others.length === 0) return first?.readers ?? [];
  return ascending([...(first?.readers ?? []), ...others.flatMap(({ readers }) => readers)]);
}
