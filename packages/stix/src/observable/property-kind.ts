import { hashKind } from "./hash-kind.ts";
import type { ObservableKind } from "./observable-kind.ts";

/** Where an observable stands in STIX: an address may turn out to be a network, an endpoint a domain. */
export type Place = ObservableKind | "address" | "endpoint";

/** By type and property path, as patterns write it (quotes dropped). */
const PLACES: Readonly<Record<string, Place>> = {
  "domain-name:value": "domain",
  "ipv4-addr:value": "address",
  "ipv6-addr:value": "address",
  "url:value": "url",
  "email-addr:value": "email",
  "mac-addr:value": "mac",
  "autonomous-system:number": "asn",
  "mutex:name": "mutex",
  "windows-registry-key:key": "regkey",
  "cryptocurrency-wallet:value": "btc",
  "vulnerability:name": "cve",
  "network-traffic:src_ref.value": "endpoint",
  "network-traffic:dst_ref.value": "endpoint",
  "domain-name:resolves_to_refs.[*].value": "endpoint",
  "email-message:from_ref.value": "email",
  "email-message:sender_ref.value": "email",
};

const USER_AGENT = /^extensions\.http-request-ext\.request_header\.User-Agent(?:\.\[(?:\d+|\*)\])?$/;
const HASHED: ReadonlySet<string> = new Set(["file", "artifact", "x509-certificate"]);

/** Which kind of observable a property holds; `undefined` for those that are none, names of files among them. */
export function placeOf(type: string, path: string): Place | undefined {
  const key = `${type}:${path}`;
  if (Object.hasOwn(PLACES, key)) return PLACES[key];
  if (HASHED.has(type) && path.startsWith("hashes.")) return hashKind(path.slice("hashes.".length));
  return type === "network-traffic" && USER_AGENT.test(path) ? "user-agent" : undefined;
}
