import { randomUUID } from "node:crypto";
import type { StixObject } from "../stix-object.ts";
import type { Report } from "../type/object-type.ts";
import { canonicalJson } from "./canonical-json.ts";
import { uuidv5 } from "./identifier.ts";

/** §2.9: deterministic ids of cyber-observable objects are UUIDv5 in this namespace. */
export const SCO_NAMESPACE = "00abedb4-aa42-466c-9c01-fed23315a9b7";

/** The ID contributing properties of each SCO type (§6). */
const CONTRIBUTING: Record<string, readonly string[]> = {
  artifact: ["hashes", "payload_bin"],
  "autonomous-system": ["number"],
  directory: ["path"],
  "domain-name": ["value"],
  "email-addr": ["value"],
  "email-message": ["from_ref", "subject", "body"],
  file: ["hashes", "name", "extensions", "parent_directory_ref"],
  "ipv4-addr": ["value"],
  "ipv6-addr": ["value"],
  "mac-addr": ["value"],
  mutex: ["name"],
  "network-traffic": [
    "start",
    "end",
    "src_ref",
    "dst_ref",
    "src_port",
    "dst_port",
    "protocols",
    "extensions",
  ],
  process: [],
  software: ["name", "cpe", "swid", "vendor", "version"],
  url: ["value"],
  "user-account": ["account_type", "user_id", "account_login"],
  "windows-registry-key": ["key", "values"],
  "x509-certificate": ["hashes", "serial_number"],
};

const HASH_PREFERENCE = ["MD5", "SHA-1", "SHA-256", "SHA-512"];

/** §2.9: where nothing contributes to the id of an observable, it is random. */
export function idIsRandomWithoutContributors(object: StixObject, report: Report): void {
  const contributing = CONTRIBUTING[object.type];
  if (contributing === undefined || contributing.some((name) => object[name] !== undefined)) return;
  const version = object.id.charAt(object.type.length + "--00000000-0000-".length);
  if (version !== "4")
    report("/id", "id-version", "must be of version 4, as nothing contributes to it", "2.9");
}

/**
 * The id of an observable by what identifies it; random (UUIDv4) where nothing does (§2.9). Of an object that was not
 * validated: a TypeError for what has no canonical form, such as a lone surrogate.
 */
export function scoId(object: { type: string } & Record<string, unknown>): string {
  const contributing: Record<string, unknown> = {};
  for (const name of CONTRIBUTING[object.type] ?? ["value"]) {
    const value = object[name];
    if (value === undefined || value === null) continue;
    contributing[name] = name === "hashes" ? preferredHash(value) : value;
  }
  if (Object.keys(contributing).length === 0) return `${object.type}--${randomUUID()}`;
  return `${object.type}--${uuidv5(SCO_NAMESPACE, canonicalJson(contributing))}`;
}

function preferredHash(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const hashes = value as Readonly<Record<string, unknown>>;
  const name = HASH_PREFERENCE.find((each) => Object.hasOwn(hashes, each)) ?? Object.keys(hashes)[0];
  return name === undefined ? {} : { [name]: hashes[name] };
}
