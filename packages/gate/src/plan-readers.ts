import type { Queryable } from "@suar/runtime";
import type { Pap, Tlp } from "@suar/stix";
import { PolicyReaders } from "./decisions.ts";
import type { JudgeContext } from "./release-item.ts";
import { type Readers, readSights } from "./sights.ts";

/** What is known of a submission's object before any of them is released. */
export type PlannedItem = {
  id: string;
  type: string;
  tlp: Tlp;
  pap: Pap | undefined;
  to: readonly string[];
  /** Final ids of what it names. */
  names: readonly string[];
};

/**
 * Who will have each object of a submission whole, in whatever order they are released: those whom policy lets,
 * as far as they have all that it names, and what that names. Objects that name each other are whole for whoever
 * may have both. What is refused is its producer's alone.
 */
export async function planReaders(
  db: Queryable,
  context: Omit<JudgeContext, "planned">,
  items: readonly PlannedItem[],
  refused: Iterable<string>,
): Promise<ReadonlyMap<string, Readers>> {
  const { producer, organisations } = context;
  const policy = new PolicyReaders(organisations);
  const planned = new Map<string, Readers>();
  for (const { id, names: _, ...said } of items) {
    const readers = policy.of({ ...said, producer });
    planned.set(id, both(planned.get(id) ?? readers, readers));
  }
  const nobodyElse = [producer.id];
  for (const id of refused) planned.set(id, nobodyElse);
  const outside = new Set(items.flatMap(({ names }) => names).filter((id) => !planned.has(id)));
  const sights = await readSights(db, producer.id, [...outside]);
  const wholeFor = (id: string): Readers | undefined => {
    const { copies } = sights.get(id) ?? {};
    return copies && (copies.find((copy) => copy.id === id)?.readers ?? nobodyElse);
  };
  narrow(planned, items, producer.id, wholeFor);
  return planned;
}

/** Takes readers away until nobody has an object whole without having whole what it names. */
function narrow(
  planned: Map<string, Readers>,
  items: readonly PlannedItem[],
  producer: number,
  outside: (id: string) => Readers | undefined,
): void {
  const namedBy = new Map<string, PlannedItem[]>();
  for (const item of items) {
    for (const name of item.names) {
      const namers = namedBy.get(name);
      if (namers === undefined) namedBy.set(name, [item]);
      else namers.push(item);
    }
  }
  const waiting = items.filter(({ names }) => names.length > 0);
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const before = planned.get(item.id) ?? [];
    let left = before;
    for (const name of item.names) left = both(left, planned.get(name) ?? outside(name) ?? left, producer);
    if (left === before) continue;
    planned.set(item.id, left);
    waiting.push(...(namedBy.get(item.id) ?? []));
  }
}

/** Those of `a` who are in `b` too; `a` itself when all are. */
function both(a: Readers, b: Readers, always?: number): Readers {
  if (a === b) return a;
  const others = new Set(b);
  const left = a.filter((reader) => others.has(reader) || reader === always);
  return left.length === a.length ? a : left;
}
