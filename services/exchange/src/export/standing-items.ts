import type { ExportItem, GoneItem } from "@suar/formats";
import { type Entry, type Head, type Matcher, type Reader, readPage, selectHead } from "@suar/log";
import type { StixObject } from "@suar/stix";
import { livesIn } from "../life/lives-in.ts";
import { type StandingRow, selectStanding } from "../store/export-entry.ts";
import type { ReadAsCaller } from "../taxii/live-page.ts";

/** Whose log is read, and by which filter. `read` throws once the reader may not any more. */
export type ExportSource = {
  read: ReadAsCaller;
  names: Parameters<typeof readPage>[1];
  reader: Reader;
  /** Whose sightings may be among what it reads: every organisation. */
  sayers(): Promise<readonly number[]>;
  matches: Matcher;
  /** How long indicators are good for is asked where devices act on them. */
  isBlocklist: boolean;
  /** Of what matches, what was asked for: the rest is read as a part of that. All of it where nothing is said. */
  isChosen?: Matcher;
};

/** What one look brings: what stands, and what the reader is told to be gone. */
type Look = { items: readonly ExportItem[]; gone: readonly GoneItem[] };

/** The log as one reader sees it through one filter. */
export type StandingLog = {
  head(): Promise<Head>;
  /**
   * What stands at the moment of each look, up to a seq, in the log's order. Each look is a transaction of its own that
   * ends before anything of it goes out: nobody who reads slowly holds one.
   */
  looks(upTo: number): AsyncIterable<Look>;
  /** Of these entries, in their order, those that stand yet. */
  some(seqs: readonly number[]): AsyncIterable<readonly ExportItem[]>;
};

/** What one look brings at most: what goes out later than it was looked at is no more than this. */
export const MOST = { entries: 250, bytes: 512 * 1024 };
const AT_FIRST = 32;

export function standingLog(source: ExportSource): StandingLog {
  return {
    head: async () => await source.read(async (db) => await selectHead(db)),
    looks: (upTo) => looksUpTo(source, upTo),
    some: (seqs) => someItems(source, seqs),
  };
}

async function* looksUpTo(source: ExportSource, upTo: number): AsyncGenerator<Look> {
  let limit = AT_FIRST;
  for (let after = 0; after < upTo; ) {
    const { items, gone, next, kept, isCut } = await lookAt(source, { after, upTo, limit });
    after = next;
    // Where they are long, fewer are read the next time: what was cut off is read again.
    limit = isCut ? kept : Math.min(MOST.entries, limit * 2);
    yield { items, gone };
  }
}

/** Entries that stand near each other are read together. */
const FAR = 64;

async function* someItems(source: ExportSource, seqs: readonly number[]): AsyncGenerator<ExportItem[]> {
  for (let begin = 0; begin < seqs.length; ) {
    let end = begin + 1;
    while (end < seqs.length && end - begin < MOST.entries && (seqs[end] ?? 0) - (seqs[end - 1] ?? 0) < FAR)
      end += 1;
    const run = seqs.slice(begin, end);
    yield* itemsOfRun(source, run);
    begin = end;
  }
}

async function* itemsOfRun(source: ExportSource, run: readonly number[]): AsyncGenerator<ExportItem[]> {
  const wanted = new Set(run);
  const among = {
    ...source,
    matches: (entry: Entry) => wanted.has(entry.seq) && source.matches(entry),
  };
  const upTo = run.at(-1) ?? 0;
  for (let after = (run[0] ?? 1) - 1; after < upTo; ) {
    const { items, next } = await lookAt(among, { after, upTo, limit: MOST.entries });
    after = next;
    yield items;
  }
}

type Found = { items: ExportItem[]; gone: GoneItem[]; next: number; kept: number; isCut: boolean };

async function lookAt(
  { read, names, reader, sayers, matches, isBlocklist, isChosen = () => true }: ExportSource,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<Found> {
  return await read(async (db) => {
    const page = await readPage(db, names, { after, upTo, limit, reader, matches });
    const kept = page.entries.slice(0, fittingIn(page.entries));
    const isCut = kept.length < page.entries.length;
    const entries = kept.filter(({ kind }) => !IS_NO_RELEASE.has(kind));
    // Asked after the bodies were read: what was taken back in between does not stand any more.
    const standing = await selectStanding(db, entries);
    const found = entries.flatMap((entry) => {
      const row = standing.get(entry.seq);
      return row === undefined ? [] : [{ item: itemOf(entry, row, isChosen(entry)), producer: row.producer }];
    });
    const items = isBlocklist
      ? await livesIn(db, { reader: reader.organisationId, sayers: await sayers() }, found)
      : found.map(({ item }) => item);
    const gone = kept.filter(({ kind }) => kind === "withdrawn").map(goneOf);
    const next = isCut ? (kept.at(-1)?.seq ?? page.next) : page.next;
    return { items, gone, next, kept: kept.length, isCut };
  });
}

/** How many of the first fit in a look: one always does. */
function fittingIn(entries: readonly Entry[]): number {
  let bytes = 0;
  const end = entries.findIndex(({ body }, place) => {
    bytes += Buffer.byteLength(body);
    return place > 0 && bytes > MOST.bytes;
  });
  return end === -1 ? entries.length : end;
}

/** An alert tells of something that was released by itself. */
const IS_NO_RELEASE: ReadonlySet<string> = new Set(["withdrawn", "alert"]);

function itemOf(
  { body, tlp, producer, seq, at }: Entry,
  { pap }: StandingRow,
  isChosen: boolean,
): ExportItem {
  const object = JSON.parse(body) as StixObject;
  return { object, body, tlp, pap: pap ?? undefined, producer, seq, at, ...(!isChosen && { isPart: true }) };
}

function goneOf({ stixId, tlp, producer, seq, at, isStub }: Entry): GoneItem {
  return { id: stixId, tlp, producer, seq, at, isOldPlace: isStub };
}
