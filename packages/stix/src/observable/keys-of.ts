import { sightedIn, sightingKey } from "../lifecycle/sighted.ts";
import { equalitiesOf } from "../pattern/equality.ts";
import type { StixObject } from "../stix-object.ts";
import { observableKey } from "./observable-kind.ts";
import { type Place, placeOf } from "./property-kind.ts";
import { hostOfUrl } from "./url.ts";
import { valueAt } from "./value-at.ts";

/**
 * The canonical observable keys of an object, each once: of an SCO its value or hashes; of an indicator what
 * its STIX pattern compares for equality; of a vulnerability its CVE numbers; of observed data its embedded
 * SCOs. A URL also yields its host. Values that are not valid yield nothing. Sightings, and opinions that say the same, are
 * found by what they are of.
 */
export function keysOf(object: StixObject): string[] {
  const keys = new Set<string>();
  switch (object.type) {
    case "indicator":
      addPattern(object, keys);
      break;
    case "vulnerability":
      addVulnerability(object, keys);
      break;
    case "observed-data":
      for (const embedded of membersOf(object.objects)) addObservable(embedded as StixObject, keys);
      break;
    case "sighting":
    case "opinion":
      for (const id of sightedIn(object)?.of ?? []) keys.add(sightingKey(id));
      break;
    default:
      addObservable(object, keys);
  }
  return [...keys];
}

function addPattern(object: StixObject, keys: Set<string>): void {
  const { pattern, pattern_type: language } = object;
  if (typeof pattern !== "string" || (language !== "stix" && language !== undefined)) return;
  for (const { type, path, value } of equalitiesOf(pattern)) addPlace(placeOf(type, path), value, keys);
}

/** §4.19.1: the CVE number stands in a reference named `cve`; many put it into the name instead. */
function addVulnerability(object: StixObject, keys: Set<string>): void {
  addPlace("cve", object.name, keys);
  for (const reference of membersOf(object.external_references)) {
    const { source_name: source, external_id: id } = reference as Record<string, unknown>;
    if (typeof source === "string" && source.toLowerCase() === "cve") addPlace("cve", id, keys);
  }
}

function addObservable(object: StixObject, keys: Set<string>): void {
  for (const property of ["value", "number", "key", "name"]) {
    const place = placeOf(object.type, property);
    if (place !== undefined) addPlace(place, object[property], keys);
  }
  if (isRecord(object.hashes)) {
    for (const [algorithm, value] of Object.entries(object.hashes)) {
      addPlace(placeOf(object.type, `hashes.${algorithm}`), value, keys);
    }
  }
  if (object.type === "network-traffic") addUserAgents(object, keys);
}

function addUserAgents(object: StixObject, keys: Set<string>): void {
  const request = isRecord(object.extensions) ? object.extensions["http-request-ext"] : undefined;
  const header = isRecord(request) ? request.request_header : undefined;
  for (const agent of membersOf(isRecord(header) ? header["User-Agent"] : undefined)) {
    addPlace("user-agent", agent, keys);
  }
}

function addPlace(place: Place | undefined, raw: unknown, keys: Set<string>): void {
  if (place === undefined || (typeof raw !== "string" && typeof raw !== "number")) return;
  const found = valueAt(place, String(raw));
  if (found === undefined) return;
  keys.add(observableKey(found.kind, found.value));
  const host = found.kind === "url" ? hostOfUrl(found.value) : undefined;
  if (host !== undefined) keys.add(observableKey(host.kind, host.value));
}

function membersOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).filter(isMember) : [];
}

function isMember(value: unknown): boolean {
  return typeof value === "string" || isRecord(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
