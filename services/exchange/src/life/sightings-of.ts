import type { SightingCounts, ToldSighting } from "@suar/contract";
import type { Directory, Queryable } from "@suar/runtime";
import {
  type SightingKind,
  type StixObject,
  sightedIn,
  sightingKey,
  sightingKeyBy,
  type ToldSighting as Told,
} from "@suar/stix";
import { type SightingRow, selectSightings } from "../store/sighting.ts";

/** One of them, with what names it. */
export type ReadSighting = Told & { id: string; seq: number; loggedAt: string };

/** Of everybody's sightings of a thing, and, where there are more, of those of each that must not go under. */
const DEPTH = { all: { ofAudience: 64, ofKey: 500 }, ofEach: { ofAudience: 4, ofKey: 16 } };

/**
 * What the reader may see that says of objects that they were seen, were not, or are over: by their ids. Where somebody says
 * so more often than anybody looks, it hides nobody: those in `sayers` are then looked for one by one.
 */
export async function sightingsOf(
  db: Queryable,
  ids: readonly string[],
  sayers: readonly number[],
): Promise<ReadonlyMap<string, readonly ReadSighting[]>> {
  if (ids.length === 0) return new Map();
  const byKey = new Map(ids.map((id) => [sightingKey(id), id]));
  const { rows, crowded } = await selectSightings(db, [...byKey.keys()], DEPTH.all);
  const ofEach = new Map(
    crowded.flatMap((key) => {
      const id = byKey.get(key) ?? "";
      return sayers.map((producer) => [sightingKeyBy(id, producer), id] as const);
    }),
  );
  const more = ofEach.size === 0 ? [] : (await selectSightings(db, [...ofEach.keys()], DEPTH.ofEach)).rows;
  return readRows([...rows, ...more], new Map([...byKey, ...ofEach]));
}

function readRows(
  rows: readonly SightingRow[],
  byKey: ReadonlyMap<string, string>,
): Map<string, ReadSighting[]> {
  const found = new Map<string, ReadSighting[]>();
  const seen = new Set<string>();
  for (const { key, rendition_id: rendition, producer, seq, at, body } of rows) {
    const object = JSON.parse(body) as StixObject;
    const sighted = sightedIn(object);
    const id = byKey.get(key);
    if (sighted === undefined || id === undefined || seen.has(`${rendition} ${id}`)) continue;
    seen.add(`${rendition} ${id}`);
    const logged = Date.parse(at);
    const modified = typeof object.modified === "string" ? Date.parse(object.modified) : logged;
    const one = { ...sighted, producer, at: logged, modified, id: object.id, seq, loggedAt: at };
    found.set(id, [...(found.get(id) ?? []), one]);
  }
  return found;
}

/** How many members say what, among those whose sightings were read. */
export async function countSightings(
  directory: Directory,
  sightings: readonly ReadSighting[] = [],
): Promise<SightingCounts> {
  const members = new Map(
    await Promise.all(
      sightings.map(async ({ producer }) => [producer, (await directory.byId(producer))?.member] as const),
    ),
  );
  const by = (wanted: SightingKind): number =>
    new Set(sightings.filter(({ kind }) => kind === wanted).map(({ producer }) => members.get(producer)))
      .size;
  const positive = sightings.filter(({ kind }) => kind === "positive");
  const times = positive.flatMap(({ firstSeen, lastSeen }) => [firstSeen, lastSeen]);
  const known = times
    .filter((time): time is string => time !== undefined && !Number.isNaN(Date.parse(time)))
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
  return {
    seenBy: by("positive"),
    notSeenBy: by("negative"),
    endedBy: by("expiration"),
    count: positive.reduce((sum, { count }) => sum + count, 0),
    firstSeen: known[0] ?? null,
    lastSeen: known.at(-1) ?? null,
  };
}

const MOST_TOLD = 100;

/** The newest of them, one by one. */
export async function tellSightings(
  directory: Directory,
  sightings: readonly ReadSighting[] = [],
): Promise<ToldSighting[]> {
  const newest = sightings.toSorted((a, b) => b.seq - a.seq).slice(0, MOST_TOLD);
  return await Promise.all(
    newest.map(async ({ id, producer, kind, count, firstSeen, lastSeen, seq, loggedAt }) => ({
      ...{ id, type: kind, count, seq, at: loggedAt },
      producer: (await directory.byId(producer))?.code ?? "?",
      firstSeen: firstSeen ?? null,
      lastSeen: lastSeen ?? null,
    })),
  );
}
