import type { Limits } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { Pap, Tlp } from "@suar/stix";
import type { JudgeContext } from "../context/release-item.ts";
import { type Readers, readSights } from "../copies/sights.ts";
import { PolicyReaders } from "../decide/policy-readers.ts";
import { type ObjectFacts, subjectOf } from "../decide/subject-of.ts";

/** What is known of a submission's object before any of them is released. */
export type PlannedItem = {
  id: string;
  facts: ObjectFacts;
  tlp: Tlp;
  pap: Pap | undefined;
  to: readonly string[];
  limits?: Limits | undefined;
  /** Final ids of what it names. */
  names: readonly string[];
};

/**
 * Who will have each object of a submission whole, in whatever order they are released: those whom policy lets,
 * as far as they have all that it names, and what that names. Objects that name each other are whole for whoever
 * may have both. What is refused is its producer's alone; what the producer stated before is only for those who
 * have that, until it is released anew: it may yet be refused.
 */
export async function planReaders(
  db: Queryable,
  context: Omit<JudgeContext, "planned">,
  items: readonly PlannedItem[],
  refused: Iterable<string>,
): Promise<ReadonlyMap<string, Readers>> {
  const { producer, organisations } = context;
  const policy = new PolicyReaders(organisations, {
    policies: context.policies,
    now: context.now,
    // How many were told of before is not asked here: nobody counts on being among the last whom a quota lets through.
    individualsYtd: () => Number.POSITIVE_INFINITY,
  });
  const names = new Set<string>();
  for (const item of items) for (const name of item.names) names.add(name);
  const sights = await readSights(db, context, [...names]);
  const nobodyElse: Readers = [producer.id];
  const known = (id: string): Readers | undefined => {
    const sight = sights.get(id);
    return sight && (sight.copies.find((copy) => copy.id === id)?.readers ?? nobodyElse);
  };
  const both = new Common(producer.id);
  const planned = new Map<string, Readers>();
  for (const { id, facts, ...said } of items) {
    const readers = policy.whole(subjectOf(facts, { ...said, producer }));
    const before = sights.get(id)?.own === true ? known(id) : undefined;
    planned.set(id, both.of(planned.get(id) ?? readers, before ?? readers));
  }
  for (const id of refused) planned.set(id, nobodyElse);
  narrow(planned, items, known, both);
  return planned;
}

/** Takes readers away until nobody has an object whole without having whole what it names. */
function narrow(
  planned: Map<string, Readers>,
  items: readonly PlannedItem[],
  known: (id: string) => Readers | undefined,
  both: Common,
): void {
  const namedBy = new Map<string, string[]>();
  const narrowed = new Set<string>();
  const limit = (id: string, by: Readers): void => {
    const before = planned.get(id) ?? [];
    const left = both.of(before, by);
    if (left === before) return;
    planned.set(id, left);
    narrowed.add(id);
  };
  for (const { id, names } of items) {
    for (const name of names) {
      const namers = namedBy.get(name);
      if (namers === undefined) namedBy.set(name, [id]);
      else namers.push(id);
      const readers = planned.get(name) ?? known(name);
      if (readers !== undefined) limit(id, readers);
    }
  }
  for (const id of narrowed) {
    narrowed.delete(id); // it comes again when it is narrowed again
    for (const namer of namedBy.get(id) ?? []) limit(namer, planned.get(id) ?? []);
  }
}

/** What sets of readers have in common, the producer always; equal answers are one array. */
class Common {
  readonly #always: number;
  readonly #sets = new Map<Readers, ReadonlySet<number>>();
  readonly #interned = new Map<string, Readers>();

  constructor(always: number) {
    this.#always = always;
  }

  /** Those of `a` who are in `b` too; `a` itself when all are. */
  of(a: Readers, b: Readers): Readers {
    if (a === b) return a;
    const others = this.#sets.get(b) ?? new Set(b);
    this.#sets.set(b, others);
    const left = a.filter((reader) => others.has(reader) || reader === this.#always);
    if (left.length === a.length) return a;
    const key = left.join();
    const known = this.#interned.get(key) ?? left;
    this.#interned.set(key, known);
    return known;
  }
}
