import { joinOutcomes, type Outcome, type Redaction, type Victims } from "@suar/policy";
import type { StixObject } from "@suar/stix";
import { type CopyKeys, makeCopy, type View } from "./make-copy.ts";
import type { Readers, Sight, Sights } from "./sights.ts";

/** Readers of whom policy says the same. */
export type Ruled = { readers: Readers; outcome: Outcome };

/** Readers that get the same copy; without a view it is the object as it is. `copy` bears the original's id. */
export type Group = Ruled & { view: View | undefined; copy: StixObject | undefined };

/** So many different copies of one object at most: a hostile one could ask for one for every reader. */
const MOST_VIEWS = 16;

type Asked = {
  object: StixObject;
  names: readonly string[];
  ruled: readonly Ruled[];
  victims: Victims | undefined;
};

/**
 * Groups the readers of an object by what policy leaves of it for them, and by what they may know of the things that
 * it names (DESIGN 1.3): an id that is worked out from a value betrays it, so that whoever may not know of a thing does
 * not see it named either. Those for whom nothing would be left get none. The producer always gets its own original.
 */
export function groupReaders(
  { object, names, ruled, victims }: Asked,
  sights: Sights,
  { producer, keys }: { producer: number; keys: CopyKeys },
): readonly Group[] {
  const parted = ruled.flatMap((one) => partByNames(one, names, sights, producer));
  return bounded(parted).flatMap((part): Group[] => {
    const view = viewOf(part, victims);
    if (view === undefined) return [{ readers: part.readers, outcome: part.outcome, view, copy: undefined }];
    const copy = makeCopy(object, view, keys);
    return copy === undefined ? [] : [{ readers: part.readers, outcome: part.outcome, view, copy }];
  });
}

type Renames = ReadonlyMap<string, string | undefined>;
type Part = Ruled & { renames: Renames };

const NONE: Renames = new Map();

function partByNames(
  { readers, outcome }: Ruled,
  names: readonly string[],
  sights: Sights,
  producer: number,
): Part[] {
  const narrow = narrowNames(names, readers, sights);
  if (narrow.length === 0) return [{ readers, outcome, renames: NONE }];
  const parts = new Map<string, { readers: number[]; outcome: Outcome; renames: Renames }>();
  for (const reader of readers) {
    const shown = narrow.map(([id, sight]) => (reader === producer ? id : shownTo(sight, reader)));
    const key = JSON.stringify(shown);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { readers: [reader], outcome, renames: renamesOf(narrow, shown) });
    else part.readers.push(reader);
  }
  return [...parts.values()];
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

function renamesOf(narrow: readonly [string, Sight][], shown: readonly (string | null)[]): Renames {
  const renames = new Map<string, string | undefined>();
  for (const [index, [id]] of narrow.entries())
    if (shown[index] !== id) renames.set(id, shown[index] ?? undefined);
  return renames.size === 0 ? NONE : renames;
}

const AS_IT_IS: readonly Redaction[] = [];

function redactionsOf({ outcome }: Ruled): readonly Redaction[] {
  return outcome.redactions.length === 0 ? AS_IT_IS : outcome.redactions;
}

function viewOf(part: Part, victims: Victims | undefined): View | undefined {
  const redactions = redactionsOf(part);
  return isWhole(part) ? undefined : { renames: part.renames, redactions, outcome: part.outcome, victims };
}

function isWhole(part: Part): boolean {
  return redactionsOf(part).length === 0 && part.renames.size === 0;
}

/** The smallest parts beyond the bound share a copy, of what all of them have in common. */
function bounded(parts: Part[]): readonly Part[] {
  if (parts.length <= MOST_VIEWS) return parts;
  const whole = parts.filter(isWhole);
  const views = parts.filter((part) => !isWhole(part));
  views.sort((a, b) => b.readers.length - a.readers.length);
  const few = views.splice(MOST_VIEWS - 1);
  const common = new Map<string, string | undefined>();
  for (const id of new Set(few.flatMap(({ renames }) => [...renames.keys()]))) {
    const [first, ...others] = few.map(({ renames }) => (renames.has(id) ? renames.get(id) : id));
    common.set(id, others.every((one) => one === first) ? first : undefined);
  }
  const readers = few.flatMap((part) => part.readers).sort((a, b) => a - b);
  const outcome = joinOutcomes(...new Set(few.map((part) => part.outcome)));
  return [...whole, ...views, { readers, outcome, renames: common }];
}
