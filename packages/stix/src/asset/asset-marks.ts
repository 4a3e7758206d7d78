import { type CpeName, namesProduct, readCpe } from "../cpe/match-cpe.ts";
import { type Network, networkOf } from "../observable/ip-address.ts";
import { keysOf } from "../observable/keys-of.ts";
import { placeOf } from "../observable/property-kind.ts";
import { hostOfUrl } from "../observable/url.ts";
import { type ObservableValue, valueAt } from "../observable/value-at.ts";
import { namedWithNetworks } from "../pattern/equality.ts";
import type { StixObject } from "../stix-object.ts";

/** What of an object may be somebody's asset. */
export type AssetMarks = {
  networks: Network[];
  /** Domains, and the hosts of URLs and e-mail addresses that are any. */
  hosts: string[];
  /** Numbers of autonomous systems. */
  systems: string[];
  /** Ids of the autonomous systems that an address belongs to (STIX §6.8, §6.9). */
  systemIds: string[];
  products: CpeName[];
};

/** By type and path as patterns write them, where a system stands behind an address. */
const SYSTEM_OF_ADDRESS = /^belongs_to_refs\.\[(?:\d+|\*)\]\.number$/;

/**
 * What an object says of networks, hosts, systems and products: an SCO by its values, an indicator by what its pattern
 * names by `=`, `IN` and `ISSUBSET`, a vulnerability by the CPE names among its references. Prose says nothing.
 */
export function assetMarksOf(object: StixObject): AssetMarks {
  const marks: AssetMarks = { networks: [], hosts: [], systems: [], systemIds: [], products: [] };
  if (object.type === "indicator") markPattern(object, marks);
  else {
    for (const key of keysOf(object)) markKey(key, marks);
    if (object.type === "observed-data") for (const one of recordsOf(object.objects)) markOwn(one, marks);
    else markOwn(object, marks);
  }
  return marks;
}

function markPattern({ pattern, pattern_type: language }: StixObject, marks: AssetMarks): void {
  if (typeof pattern !== "string" || (language !== "stix" && language !== undefined)) return;
  for (const { type, path, value } of namedWithNetworks(pattern)) {
    if (type === "software" && path === "cpe") markProduct(value, marks);
    const place = SYSTEM_OF_ADDRESS.test(path) ? "asn" : placeOf(type, path);
    const found = place === undefined ? undefined : valueAt(place, value);
    if (found !== undefined) markValue(found, marks);
  }
}

function markKey(key: string, marks: AssetMarks): void {
  const colon = key.indexOf(":");
  markValue({ kind: key.slice(0, colon) as ObservableValue["kind"], value: key.slice(colon + 1) }, marks);
}

function markValue({ kind, value }: ObservableValue, marks: AssetMarks): void {
  if (kind === "domain") marks.hosts.push(value);
  else if (kind === "email") marks.hosts.push(value.slice(value.lastIndexOf("@") + 1));
  else if (kind === "asn") marks.systems.push(value);
  else if (kind === "url") {
    const host = hostOfUrl(value);
    if (host !== undefined) markValue(host, marks);
  } else if (kind === "ipv4" || kind === "ipv6" || kind === "cidr4" || kind === "cidr6") {
    const network = networkOf(value);
    if (network !== undefined) marks.networks.push(network);
  }
}

/** What stands in no key: CPE names, and which systems an address belongs to. */
function markOwn(object: Readonly<Record<string, unknown>>, marks: AssetMarks): void {
  if (object.type === "software") markProduct(object.cpe, marks);
  if (object.type === "ipv4-addr" || object.type === "ipv6-addr") {
    const refs = Array.isArray(object.belongs_to_refs) ? object.belongs_to_refs : [];
    for (const id of refs) if (typeof id === "string") marks.systemIds.push(id);
  }
  if (object.type !== "vulnerability") return;
  for (const { source_name: source, external_id: id } of recordsOf(object.external_references))
    if (typeof source === "string" && /^cpe(?:2\.?3)?$/i.test(source)) markProduct(id, marks);
}

function markProduct(cpe: unknown, marks: AssetMarks): void {
  const name = typeof cpe === "string" ? readCpe(cpe) : undefined;
  if (name !== undefined && namesProduct(name)) marks.products.push(name);
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return typeof value === "object" && value !== null ? Object.values(value).filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
