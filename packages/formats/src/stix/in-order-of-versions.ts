import { compareTimestamps, isTimestamp } from "@suar/stix";
import { isJsonRecord, textOf } from "../json-value.ts";

/**
 * Versions of one object trade places so that the older comes first: a version is judged by those before it, and one
 * that is older than what was stated is refused (STIX 2.1 §3.6). All else stays where it is.
 */
export function inOrderOfVersions<One extends { object: unknown }>(all: readonly One[]): readonly One[] {
  const places = new Map<string, number[]>();
  for (const [place, { object }] of all.entries()) {
    if (!isJsonRecord(object) || !isTimestamp(modifiedOf(object))) continue;
    const id = textOf(object.id)?.toLowerCase() ?? "";
    const known = places.get(id);
    if (known === undefined) places.set(id, [place]);
    else known.push(place);
  }
  const ordered = [...all];
  for (const own of places.values()) {
    if (own.length === 1) continue;
    const versions = own.flatMap((place) => all[place] ?? []);
    versions.sort((a, b) => compareTimestamps(modifiedOf(a.object), modifiedOf(b.object)));
    for (const [n, version] of versions.entries()) ordered[own[n] ?? 0] = version;
  }
  return ordered;
}

function modifiedOf(object: unknown): string {
  return (isJsonRecord(object) ? textOf(object.modified) : undefined) ?? "";
}
