import {
  type Audience,
  audienceMemo,
  decideByMarking,
  type Organisation,
  type MarkedSubject as Subject,
} from "@suar/policy";
import { type Group, groupReaders } from "./copies.ts";
import type { Names } from "./names.ts";
import type { JudgeContext, ReleaseItem } from "./release-item.ts";
import { ascending, type Readers, type Sight, Sights, union } from "./sights.ts";

/** `subjects` has one for each time that the same was said. */
export type Decision = { subjects: readonly Subject[]; groups: readonly Group[] };

/** Asks policy who may see each item of one batch, and in which copies. */
export class Decisions {
  readonly #producer: Organisation;
  readonly #policy: PolicyReaders;
  readonly #sights: Sights;
  readonly #names: Names;

  constructor(
    { producer, organisations, planned }: JudgeContext,
    known: ReadonlyMap<string, Sight>,
    names: Names,
  ) {
    this.#names = names;
    this.#producer = producer;
    this.#policy = new PolicyReaders(organisations);
    this.#sights = new Sights(known, planned);
  }

  of(item: ReleaseItem, also: readonly ReleaseItem[] = []): Decision {
    const { object } = item;
    const names = this.#names.of(object);
    const ends = isTie(object.type) ? this.#endsOf(names) : undefined;
    const subjects = [item, ...also].map(({ tlp, pap, to }) => {
      return { type: object.type, tlp, pap, producer: this.#producer, to, ...(ends && { ends }) };
    });
    const readers = subjects.map((subject) => this.#policy.of(subject)).reduce(union);
    return { subjects, groups: groupReaders({ object, names, readers }, this.#sights, this.#producer.id) };
  }

  /** What is sent counts for those that name it. */
  note(id: string, copies: readonly { id: string; readers: Readers }[]): void {
    this.#sights.note(id, copies);
  }

  /** For each end that somebody stated, who has any copy of it; undefined where nothing is known of any. */
  #endsOf(names: readonly string[]): Readers[] | undefined {
    const ends = names.flatMap((id) => this.#sights.of(id) ?? []).map(({ copies }) => readersOfAll(copies));
    return ends.length === 0 ? undefined : ends;
  }
}

/** What a relationship or a sighting tells of (STIX 2.1 §5) is its ends; it is withheld with any of them. */
function isTie(type: string): boolean {
  return type === "relationship" || type === "sighting";
}

function readersOfAll([first, ...others]: Sight["copies"]): Readers {
  if (others.length === 0) return first?.readers ?? [];
  return ascending([...(first?.readers ?? []), ...others.flatMap(({ readers }) => readers)]);
}

/** Whom policy lets have a subject as it is; remembers, since a thousand indicators differ in little. */
export class PolicyReaders {
  readonly #audiences: ReturnType<typeof audienceMemo<Subject>>;
  readonly #readers = new Map<readonly Audience[], Readers>();

  constructor(organisations: readonly Organisation[]) {
    this.#audiences = audienceMemo(organisations, decideByMarking);
  }

  /** In ascending order; equal answers are one array. */
  of(subject: Subject): Readers {
    const audiences = this.#audiences(subject);
    const readers = this.#readers.get(audiences) ?? ascending(plainReaders(audiences));
    this.#readers.set(audiences, readers);
    return readers;
  }
}

/**
 * Those whom no rule asks to redact for or to approve first: such outcomes have no rendition yet (their rules
 * come with governed sharing) and are left out. Default deny.
 */
function plainReaders(audiences: readonly Audience[]): number[] {
  return audiences
    .filter(
      ({ outcome }) => !outcome.withheld && outcome.approvers.length === 0 && outcome.redactions.length === 0,
    )
    .flatMap(({ organisationIds }) => organisationIds);
}
