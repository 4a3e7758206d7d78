import { z } from "zod";

/** The kinds of values that Suar correlates, searches and blocks by. */
export const ObservableKind = z.enum([
  "domain",
  "ipv4",
  "ipv6",
  "cidr4",
  "cidr6",
  "url",
  "email",
  "md5",
  "sha1",
  "sha256",
  "sha512",
  "ssdeep",
  "cve",
  "btc",
  "mac",
  "asn",
  "filename",
  "mutex",
  "regkey",
  "user-agent",
]);
export type ObservableKind = z.infer<typeof ObservableKind>;

/** One address, or all of a network's. */
export const ADDRESS_KINDS = ["ipv4", "ipv6", "cidr4", "cidr6"] as const satisfies readonly ObservableKind[];
export type AddressKind = (typeof ADDRESS_KINDS)[number];

export function isAddressKind(kind: ObservableKind): kind is AddressKind {
  return (ADDRESS_KINDS as readonly ObservableKind[]).includes(kind);
}

/** The one spelling of a value, or why it is not a value of its kind; `code` is stable. */
export type Canonical = { ok: true; value: string } | { ok: false; code: string; message: string };

export function accepted(value: string): Canonical {
  return { ok: true, value };
}

export function refused(code: string, message: string): Canonical {
  return { ok: false, code, message };
}

/** What values are looked up by: the same key, the same observable. `value` must be canonical. */
export function observableKey(kind: ObservableKind, value: string): string {
  return `${kind}:${value}`;
}
