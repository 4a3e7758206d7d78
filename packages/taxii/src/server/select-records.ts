import { compareTimestamps, isTimestamp, microsFromTimestamp, timestampFromMicros } from "@suar/stix";
import { comparePlaces, formatPlace, type Place, parsePlace } from "./place.ts";
import type { Selection } from "./selection.ts";
import type { Page, TaxiiRecord } from "./source.ts";

/** A record of a list that is held in memory. */
export type HeldRecord = TaxiiRecord & { place: Place; type: string; specVersion: string };

/** The page that a selection asks for, out of records in the order of their places. */
export function selectRecords(all: readonly HeldRecord[], selection: Selection): Page {
  const { addedAfter, next, limit, ids, types, versions, specVersions } = selection;
  const asked = all.filter(({ id, type }) => (ids?.includes(id) ?? true) && (types?.includes(type) ?? true));
  const after = next === undefined ? undefined : parsePlace(next);
  const chosen = ofVersions(ofSpec(asked, specVersions), versions).filter(
    ({ place }) =>
      (addedAfter === undefined || place.micros > addedAfter) &&
      (after === undefined || comparePlaces(place, after) > 0),
  );
  const records = chosen.slice(0, limit);
  const [first, last] = [records[0], records.at(-1)];
  return {
    dates: first && last && { first: first.dateAdded, last: last.dateAdded },
    next: last !== undefined && chosen.length > limit ? formatPlace(last.place) : undefined,
    records,
  };
}

/** §3.4.1 match[spec_version]: those asked for, else the latest that there is of each object. */
function ofSpec(records: readonly HeldRecord[], asked: readonly string[] | undefined): HeldRecord[] {
  if (asked !== undefined) return records.filter(({ specVersion }) => asked.includes(specVersion));
  const latest = new Map<string, string>();
  for (const { id, specVersion } of records) {
    const known = latest.get(id);
    if (known === undefined || compareSpecs(specVersion, known) > 0) latest.set(id, specVersion);
  }
  return records.filter(({ id, specVersion }) => latest.get(id) === specVersion);
}

/** §3.4.1 match[version], over all versions of an object that are left. */
function ofVersions(records: readonly HeldRecord[], asked: Selection["versions"]): HeldRecord[] {
  if (asked.includes("all")) return [...records];
  const [firsts, lasts] = [new Map<string, HeldRecord>(), new Map<string, HeldRecord>()];
  for (const record of records) {
    const [first, last] = [firsts.get(record.id), lasts.get(record.id)];
    if (first === undefined || compareVersions(record, first) < 0) firsts.set(record.id, record);
    if (last === undefined || compareVersions(record, last) >= 0) lasts.set(record.id, record);
  }
  const times = asked.filter(isTimestamp);
  return records.filter(
    (record) =>
      (asked.includes("first") && firsts.get(record.id) === record) ||
      (asked.includes("last") && lasts.get(record.id) === record) ||
      times.some((time) => isTimestamp(record.version) && compareTimestamps(time, record.version) === 0),
  );
}

function compareVersions(a: HeldRecord, b: HeldRecord): number {
  const comparable = isTimestamp(a.version) && isTimestamp(b.version);
  return comparable ? compareTimestamps(a.version, b.version) : comparePlaces(a.place, b.place);
}

function compareSpecs(a: string, b: string): number {
  const [[x = 0, y = 0], [v = 0, w = 0]] = [a.split(".").map(Number), b.split(".").map(Number)];
  return x - v || y - w;
}

/** A date as TAXII writes it: six decimals, whatever it was given with. */
export function sixDecimals(timestamp: string): string {
  return timestampFromMicros(microsFromTimestamp(timestamp));
}
