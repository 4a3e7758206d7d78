import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** Suar's own namespace: SDO and SRO ids must not come from the SCO namespace (STIX 2.1 §2.9). */
const SUAR_NAMESPACE = "b1e6a0f4-3c8d-5a1e-9f27-64d0c7a85e13";

/** §3.1: a type is lower-case; RFC 4122 lets the UUID be either. The length bound is §3.1's 250 for a type. */
const ID =
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/;

/** `type--UUID`, any RFC 4122 UUID (§2.9: version 4 is a SHOULD, so refusing others is wrong). */
export function isStixId(value: unknown): value is string {
  return typeof value === "string" && value.length >= 41 && value.length <= 288 && ID.test(value);
}

/** The type that an id begins with; empty when it is no id. */
export function typeOfId(id: string): string {
  const end = id.indexOf("--");
  return end < 0 ? "" : id.slice(0, end);
}

const namespaces = new Map<string, Buffer>();

/** UUID version 5 (RFC 9562 §5.5): SHA-1 of namespace and name. */
export function uuidv5(namespace: string, name: string): string {
  let prefix = namespaces.get(namespace);
  if (prefix === undefined) {
    prefix = Buffer.from(namespace.replaceAll("-", ""), "hex");
    namespaces.set(namespace, prefix);
  }
  const digest = hash("sha1", Buffer.concat([prefix, Buffer.from(name)]), "hex");
  return uuidOf(digest, 5);
}

/**
 * The id of something public that Suar names: the same parts always give the same id, for everybody. What is
 * said to some alone has a `keyedId`, since whoever guesses the parts can tell this one.
 */
export function suarId(type: string, ...parts: string[]): string {
  return `${type}--${uuidv5(SUAR_NAMESPACE, canonicalJson([type, ...parts]))}`;
}

/**
 * An id that only the holder of a key can work out from the parts: their HMAC (`mac`, in hexadecimal) in the form
 * of a version 4 UUID. The same parts always give the same id.
 */
export function keyedId(mac: (text: string) => string, type: string, ...parts: string[]): string {
  return idOfDigest(type, mac(JSON.stringify([type, ...parts])));
}

/** An id out of the first 128 bits of a keyed digest, in hexadecimal, of whatever tells it apart from others. */
export function idOfDigest(type: string, digest: string): string {
  return `${type}--${uuidOf(digest, 4)}`;
}

/** The first 128 bits of a digest under a version and the variant of RFC 9562 §4. */
function uuidOf(digest: string, version: 4 | 5): string {
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${version}${digest.slice(13, 16)}-${variant}${digest.slice(18, 20)}-${digest.slice(20, 32)}`;
}
