import type { Organisation } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { JudgeContext } from "../context/release-item.ts";
import { selectAudience } from "../store/audience.ts";
import { type SightRow, selectRefusedNames, selectSights } from "../store/sight.ts";

/** Ids of organisations in ascending order; equal ones are often one array. */
export type Readers = readonly number[];

/** A copy of an object: the id that it bears, and who has it. */
export type Copy = { id: string; readers: Readers };

/** What is known of an id: whether the producer stated it itself, and its copies, the whole one first. */
export type Sight = { own: boolean; copies: readonly Copy[] };

/**
 * Who may know of ids, as far as a producer can tell: where it stated them itself, those whom it sent them to;
 * else what others sent it. Of what another sent to some and not to all only that other is told, since the list of
 * its readers is not the producer's to learn. What it had rejected is its own alone. From whom a copy was closed has it no
 * more, before anybody is told. An id that it never saw is absent: nothing is known of it.
 */
export async function readSights(
  db: Queryable,
  { producer, organisations }: Pick<JudgeContext, "producer" | "organisations">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Sight>> {
  if (ids.length === 0) return new Map();
  const rows = await selectSights(db, producer.id, ids);
  const audiences = await selectAudience(db, [...new Set(rows.map((row) => row.audience_id))]);
  const forAll = new Set([...audiences.values()].filter((sentTo) => wasForAll(sentTo, organisations)));
  const readersOf = (row: SightRow): Readers => {
    const sentTo = audiences.get(row.audience_id) ?? [];
    if (row.producer !== producer.id && !forAll.has(sentTo)) return ascending([row.producer, producer.id]);
    return row.closed.length === 0 ? sentTo : sentTo.filter((reader) => !row.closed.includes(reader));
  };
  const byId = new Map<string, SightRow[]>();
  for (const row of rows) {
    const stated = byId.get(row.id);
    if (stated === undefined) byId.set(row.id, [row]);
    else stated.push(row);
  }
  const refused = await refusedAmong(
    db,
    producer.id,
    ids.filter((id) => !byId.has(id)),
  );
  return new Map([
    ...refused,
    ...[...byId].map(([id, stated]): [string, Sight] => {
      const own = stated.filter((row) => row.producer === producer.id);
      const copies = (own.length > 0 ? own : stated).map((row) => ({
        id: row.shown_id,
        readers: readersOf(row),
      }));
      return [id, { own: own.length > 0, copies: joinCopies(id, copies) }];
    }),
  ]);
}

/** What was rejected is its producer's alone, as if it had stated it to nobody. */
async function refusedAmong(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<[string, Sight][]> {
  if (ids.length === 0) return [];
  const names = await selectRefusedNames(db, producer, ids);
  return names.map((id) => [id, { own: true, copies: [{ id, readers: [producer] }] }]);
}

/** Whether all were sent it that there were then: every member, and the agencies; one that came later has a higher id. The
 * public is told nothing by who else was. */
function wasForAll(sentTo: Readers, organisations: readonly Organisation[]): boolean {
  const newest = sentTo.at(-1) ?? 0;
  const have = new Set(sentTo);
  return organisations.every(
    ({ id, kind }) => have.has(id) || kind === "public" || (kind === "agency" && id > newest),
  );
}

/** One copy for each id that copies bear, in all versions: the whole one first, then in the order given. */
function joinCopies(id: string, copies: readonly Copy[]): Copy[] {
  const joined = new Map<string, Readers>();
  for (const copy of copies) joined.set(copy.id, union(joined.get(copy.id) ?? [], copy.readers));
  return [...joined]
    .map(([shown, readers]) => ({ id: shown, readers }))
    .sort((a, b) => Number(b.id === id) - Number(a.id === id));
}

/** What a batch can tell of the ids that it names: what was stated before, what is planned, what it sends. */
export class Sights {
  readonly #known: Map<string, Sight>;
  readonly #planned: ReadonlyMap<string, Readers>;
  readonly #noted = new Set<string>();

  constructor(known: ReadonlyMap<string, Sight>, planned: ReadonlyMap<string, Readers> = new Map()) {
    this.#known = new Map(known);
    this.#planned = planned;
  }

  of(id: string): Sight | undefined {
    const known = this.#known.get(id);
    const planned = this.#noted.has(id) ? undefined : this.#planned.get(id);
    return planned === undefined ? known : withCopies(id, known, [{ id, readers: planned }]);
  }

  /** The producer's own object goes to readers in these copies. */
  note(id: string, copies: readonly Copy[]): void {
    this.#noted.add(id);
    this.#known.set(id, withCopies(id, this.#known.get(id), copies));
  }
}

function withCopies(id: string, known: Sight | undefined, copies: readonly Copy[]): Sight {
  return { own: true, copies: joinCopies(id, [...copies, ...(known?.own === true ? known.copies : [])]) };
}

const unions = new WeakMap<Readers, WeakMap<Readers, Readers>>();

/** Of the same two it is the same array: what a thousand objects have in common is looked at once. */
export function union(a: Readers, b: Readers): Readers {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const ofA = unions.get(a) ?? new WeakMap<Readers, Readers>();
  const both = ofA.get(b) ?? ascending([...a, ...b]);
  unions.set(a, ofA.set(b, both));
  return both;
}

/** Each once. */
export function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
