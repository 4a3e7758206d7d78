import { selectHead } from "@suar/log";
import type { Queryable } from "@suar/runtime";
import { isTimestamp, timestampFromMicros } from "@suar/stix";
import {
  comparePlaces,
  formatPlace,
  type HeldRecord,
  type Page,
  type Place,
  parsePlace,
  type Selection,
  selectRecords,
  type TaxiiRecord,
} from "@suar/taxii";
import {
  type EntryPlace,
  type EntryQuery,
  plainTime,
  type Scope,
  selectEntries,
  selectEntryPlaces,
  selectSeqLoggedBy,
} from "../store/taxii-entry.ts";

/** Reads as the caller; throws when the caller may not any more. */
export type ReadAsCaller = <T>(work: (db: Queryable) => Promise<T>) => Promise<T>;

export type LivePageRequest = {
  scope: Scope;
  creators: EntryQuery["creators"];
  references: readonly HeldRecord[];
  selection: Selection;
  /** Told of each entry whose body was put on the page. */
  handed(seq: number): void;
};

/** What stands on a page: a record that is held, or a place of the log whose body is read when its turn comes. */
type Stop = { place: Place; held?: HeldRecord; entry?: EntryPlace };

/**
 * A page of a collection: first where its objects stand, which the headers tell, then their bodies, a part at a
 * time. Nothing is held between two parts: no body, no connection, no transaction.
 */
export async function livePage(read: ReadAsCaller, request: LivePageRequest): Promise<Page> {
  const { selection, references } = request;
  const after = selection.next === undefined ? undefined : parsePlace(selection.next);
  const held = selectRecords(references, { ...selection, limit: references.length }).records as HeldRecord[];
  const found = await read(async (db) => await findEntries(db, request, after));
  const reached = reachedBy(found, inOrder(held, found.places));
  const shown = reached.slice(0, selection.limit);
  const end = shown.at(-1)?.place;
  const next = shown.length < reached.length ? end : onward(found, end?.micros ?? startOf(selection, after));
  return {
    dates: datesOf(shown),
    next: next && formatPlace(next),
    records: readRecords(read, request, shown),
  };
}

/** `lookedTo`: the seq at which the search stopped before the log's end. */
type Found = { places: EntryPlace[]; lookedTo?: number };

/** Where the search stopped early, what stands further on is left to the next page, in whose order it comes. */
function reachedBy({ places, lookedTo }: Found, stops: readonly Stop[]): readonly Stop[] {
  if (lookedTo === undefined) return stops;
  const last = places.at(-1);
  return last === undefined ? [] : stops.filter(({ place }) => comparePlaces(place, placeOf(last)) <= 0);
}

function onward({ lookedTo }: Found, micros: bigint): Place | undefined {
  return lookedTo === undefined ? undefined : { micros, ordinal: BigInt(lookedTo) };
}

function inOrder(held: readonly HeldRecord[], entries: readonly EntryPlace[]): Stop[] {
  const stops: Stop[] = [
    ...held.map((record) => ({ place: record.place, held: record })),
    ...entries.map((entry) => ({ place: placeOf(entry), entry })),
  ];
  return stops.sort((a, b) => comparePlaces(a.place, b.place));
}

function placeOf({ micros, seq }: EntryPlace): Place {
  return { micros: BigInt(micros), ordinal: BigInt(seq) };
}

function startOf({ addedAfter }: Selection, after: Place | undefined): bigint {
  const [from, onward] = [addedAfter ?? 0n, after?.micros ?? 0n];
  return from > onward ? from : onward;
}

function datesOf(stops: readonly Stop[]): Page["dates"] {
  const [first, last] = [stops[0], stops.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { first: timestampFromMicros(first.place.micros), last: timestampFromMicros(last.place.micros) };
}

/** Entries that one statement goes through, however few of them belong to the collection. */
const WINDOW = 5_000;
/** A search that finds little goes on for so long; the page is then what was found, with the place to go on from. */
const MOST_MS = 3_000;

/** One more than the page takes, so that it is known whether there are more. */
async function findEntries(
  db: Queryable,
  { scope, creators, references, selection }: LivePageRequest,
  after: Place | undefined,
): Promise<Found> {
  if (selection.specVersions !== undefined && !selection.specVersions.includes("2.1")) return { places: [] };
  const query = {
    scope,
    creators,
    types: selection.types,
    ids: selection.ids,
    except: references.map(({ id }) => id),
    versions: versionsOf(selection),
  };
  const { seq: head } = await selectHead(db);
  const window = selection.ids === undefined ? WINDOW : head;
  const until = Date.now() + MOST_MS;
  const places: EntryPlace[] = [];
  let at = await startSeq(db, selection, after);
  while (at < head && places.length <= selection.limit) {
    if (Date.now() > until) return { places, lookedTo: at };
    const upTo = Math.min(at + window, head);
    const most = selection.limit + 1 - places.length;
    places.push(...(await selectEntryPlaces(db, query, { after: at, upTo, most })));
    at = upTo;
  }
  return { places };
}

function versionsOf({ versions }: Selection): EntryQuery["versions"] {
  return {
    first: versions.includes("first"),
    last: versions.includes("last"),
    all: versions.includes("all"),
    times: versions.filter(isTimestamp).map(plainTime),
  };
}

async function startSeq(db: Queryable, { addedAfter }: Selection, after: Place | undefined): Promise<number> {
  const added = addedAfter === undefined ? 0 : await selectSeqLoggedBy(db, addedAfter);
  if (after === undefined) return added;
  return Math.max(added, Number(after.ordinal), await selectSeqLoggedBy(db, after.micros - 1n));
}

const PART_BYTES = 512 * 1024;
const PART_ENTRIES = 500;

async function* readRecords(
  read: ReadAsCaller,
  { selection, handed }: LivePageRequest,
  stops: readonly Stop[],
): AsyncGenerator<TaxiiRecord> {
  const wanted = selection.bodies ? "bodies" : "versions";
  for (const part of inParts(stops)) {
    const places = part.flatMap(({ entry }) => entry ?? []);
    const rows = places.length === 0 ? [] : await read(async (db) => await selectEntries(db, places, wanted));
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    for (const { held, entry } of part) {
      if (held !== undefined) yield held;
      const row = entry && bySeq.get(entry.seq);
      if (row === undefined) continue; // withdrawn since it was found
      const { stix_id: id, at: dateAdded, version, body } = row;
      yield { id, dateAdded, version, mediaType: "application/stix+json;version=2.1", body };
      if (selection.bodies) handed(row.told);
    }
  }
}

function* inParts(stops: readonly Stop[]): Generator<Stop[]> {
  let part: Stop[] = [];
  let bytes = 0;
  for (const stop of stops) {
    part.push(stop);
    bytes += stop.entry?.bytes ?? 0;
    if (bytes < PART_BYTES && part.length < PART_ENTRIES) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}
