import { mapReferences, parseStixObject, type StixObject } from "@suar/stix";
import type { Readers, Sight, Sights } from "./sights.ts";

/** How a copy speaks of what its object names: by another id, or not at all. What is not here stays. */
export type View = ReadonlyMap<string, string | undefined>;

/** Readers that get the same copy; without a view it is the object as it is. */
export type Group = { readers: Readers; view: View | undefined };

/** So many different copies of one object at most: a hostile one could ask for one for every reader. */
const MOST_VIEWS = 16;

/**
 * Groups the readers of an object by what they may know of the things that it names (DESIGN 1.3): an id that is
 * worked out from a value betrays it, so that whoever may not know of a thing does not see it named either.
 * Those for whom nothing would be left get none. The producer always gets its own original.
 */
export function groupReaders(
  { object, names, readers }: { object: StixObject; names: readonly string[]; readers: Readers },
  sights: Sights,
  producer: number,
): readonly Group[] {
  const narrow = narrowNames(names, readers, sights);
  if (narrow.length === 0) return [{ readers, view: undefined }];
  const groups = new Map<string, { readers: number[]; view: View | undefined }>();
  for (const reader of readers) {
    const shown = narrow.map(([id, sight]) => (reader === producer ? id : shownTo(sight, reader)));
    const key = JSON.stringify(shown);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { readers: [reader], view: viewOf(narrow, shown) });
    else group.readers.push(reader);
  }
  return bounded([...groups.values()]).filter(
    ({ view }) =>
      view === undefined || redacted(object, view, { id: object.id, author: object.id }) !== undefined,
  );
}

/** The things named that not every reader may know of under their own id. */
function narrowNames(names: readonly string[], readers: Readers, sights: Sights): [string, Sight][] {
  return names.flatMap((id): [string, Sight][] => {
    const sight = sights.of(id);
    return sight === undefined || isWholeFor(sight, id, readers) ? [] : [[id, sight]];
  });
}

function isWholeFor({ copies: [first] }: Sight, id: string, readers: Readers): boolean {
  if (first?.id !== id) return false;
  if (first.readers === readers) return true;
  const known = new Set(first.readers);
  return readers.every((reader) => known.has(reader));
}

/** The id under which a reader has a thing; null when it has none. */
function shownTo({ copies }: Sight, reader: number): string | null {
  return copies.find((copy) => copy.readers.includes(reader))?.id ?? null;
}

function viewOf(narrow: readonly [string, Sight][], shown: readonly (string | null)[]): View | undefined {
  const view = new Map<string, string | undefined>();
  for (const [index, [id]] of narrow.entries())
    if (shown[index] !== id) view.set(id, shown[index] ?? undefined);
  return view.size === 0 ? undefined : view;
}

/** The smallest groups beyond the bound share a copy, of what all of them have in common. */
function bounded(groups: Group[]): readonly Group[] {
  if (groups.length <= MOST_VIEWS) return groups;
  const whole = groups.filter(({ view }) => view === undefined);
  const views = groups.flatMap(({ readers, view }) => (view === undefined ? [] : [{ readers, view }]));
  views.sort((a, b) => b.readers.length - a.readers.length);
  const few = views.splice(MOST_VIEWS - 1);
  const common = new Map<string, string | undefined>();
  for (const id of new Set(few.flatMap(({ view }) => [...view.keys()]))) {
    const [first, ...others] = few.map(({ view }) => (view.has(id) ? view.get(id) : id));
    common.set(id, others.every((one) => one === first) ? first : undefined);
  }
  const readers = few.flatMap((group) => group.readers).sort((a, b) => a - b);
  return [...whole, ...views, { readers, view: common }];
}

/**
 * The copy of an object under a view, bearing an id of its own; undefined when STIX says that nothing is left.
 * A report names at least one thing (§4.16): one that loses them all is about its author.
 */
export function redacted(
  object: StixObject,
  view: View,
  { id, author }: { id: string; author: string },
): StixObject | undefined {
  const mapped = mapReferences(object, (ref) => (view.has(ref) ? view.get(ref) : ref));
  const emptied = object.type === "report" && mapped.object_refs === undefined;
  const copy = { ...mapped, id, ...(emptied && { object_refs: [object.created_by_ref ?? author] }) };
  return parseStixObject(copy).ok ? copy : undefined;
}
