import type { Queryable } from "@suar/runtime";
import { referencesOf, type StixObject } from "@suar/stix";
import { type EndRow, selectEnds } from "./store/end.ts";

type End = { own: boolean; readers: readonly number[] };

/** For each id that somebody stated: who may know of it, and whether the producer itself stated it. */
export type EndReaders = ReadonlyMap<string, End>;

/** What a relationship or a sighting tells of (STIX 2.1 §5); nothing for other objects. */
export function endsOf(object: StixObject): string[] {
  if (object.type !== "relationship" && object.type !== "sighting") return [];
  return referencesOf(object)
    .filter(({ path }) => path !== "/created_by_ref")
    .map(({ id }) => id);
}

/**
 * Who may know of the ends, as far as their own producer can tell: where it stated them itself, those whom it
 * sent them to; else what others sent it. Of another's AMBER object only that other is told, since the list of
 * its readers is not the producer's to learn. An id that it never saw is absent: nothing is known of it.
 */
export async function readEnds(db: Queryable, producer: number, ids: readonly string[]): Promise<EndReaders> {
  const rows = ids.length === 0 ? [] : await selectEnds(db, producer, [...new Set(ids)]);
  const byId = new Map<string, EndRow[]>();
  for (const row of rows) byId.set(row.stix_id, [...(byId.get(row.stix_id) ?? []), row]);
  return new Map([...byId].map(([id, stated]) => [id, readersOf(stated, producer)]));
}

function readersOf(stated: readonly EndRow[], producer: number): End {
  const own = stated.filter((row) => row.producer === producer);
  const readers =
    own.length > 0
      ? own.flatMap((row) => row.readers)
      : stated.flatMap((row) => (isForAll(row) ? row.readers : [row.producer]));
  return { own: own.length > 0, readers: [...new Set(readers)].sort((a, b) => a - b) };
}

function isForAll({ tlp }: EndRow): boolean {
  return tlp === "clear" || tlp === "green";
}

/** Who may know of the ends of a batch's relationships: what was stated before, and what the batch itself sends. */
export class Ends {
  readonly #known: Map<string, End>;

  constructor(before: EndReaders) {
    this.#known = new Map(before);
  }

  /** For each end that somebody stated, who may know of it; undefined for what has no such end. */
  of(object: StixObject): readonly (readonly number[])[] | undefined {
    const known = endsOf(object).flatMap((id) => {
      const end = this.#known.get(id);
      return end === undefined ? [] : [end.readers];
    });
    return known.length === 0 ? undefined : known;
  }

  /** The producer's own object of this batch goes to these readers, in ascending order. */
  note(id: string, readers: readonly number[]): void {
    const before = this.#known.get(id);
    const all = before?.own === true ? ascending([...before.readers, ...readers]) : readers;
    this.#known.set(id, { own: true, readers: all });
  }
}

/** Each once. */
export function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
