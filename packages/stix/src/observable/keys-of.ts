import { equalitiesOf } from "../pattern/equality.ts";
import type { StixObject } from "../stix-object.ts";
import { canonicalize } from "./canonicalize.ts";
import { classifyHost } from "./host.ts";
import { type ObservableKind, observableKey } from "./observable-kind.ts";
import { type Place, placeOf } from "./property-kind.ts";
import { hostOfUrl } from "./url.ts";

/**
 * The canonical observable keys of an object, each once: of an SCO its value or hashes; of an indicator what
 * its STIX pattern compares for equality; of a vulnerability its CVE numbers; of observed data its embedded
 * SCOs. A URL also yields its host. Values that are not valid yield nothing.
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
  const text = String(raw).trim();
  if (place === "endpoint") {
    const host = classifyHost(text);
    if (host !== undefined) keys.add(observableKey(host.kind, host.value));
    return;
  }
  const kind = place === "address" ? addressKind(text) : place;
  const canonical = canonicalize(
    kind,
    kind === "ipv4" || kind === "ipv6" ? text.replace(/\/(?:32|128)$/, "") : text,
  );
  if (!canonical.ok) return;
  keys.add(observableKey(kind, canonical.value));
  const host = kind === "url" ? hostOfUrl(canonical.value) : undefined;
  if (host !== undefined) keys.add(observableKey(host.kind, host.value));
}

/** A network of one address is that address. */
function addressKind(text: string): ObservableKind {
  const v6 = text.includes(":");
  const network = text.includes("/") && !text.endsWith(v6 ? "/128" : "/32");
  if (v6) return network ? "cidr6" : "ipv6";
  return network ? "cidr4" : "ipv4";
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
