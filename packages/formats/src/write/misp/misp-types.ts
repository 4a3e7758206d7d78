import type { ObservableKind } from "@suar/stix";
import { HASH_NAMES } from "../../misp/hash-names.ts";

/** The attribute type that a value of a kind is written as: the reader's table (attribute-types.ts) backwards. */
export const TYPE_OF_KIND: Readonly<Record<ObservableKind, string>> = {
  domain: "domain",
  ipv4: "ip-dst",
  ipv6: "ip-dst",
  cidr4: "ip-dst",
  cidr6: "ip-dst",
  url: "url",
  email: "email",
  md5: "md5",
  sha1: "sha1",
  sha256: "sha256",
  sha512: "sha512",
  ssdeep: "ssdeep",
  cve: "vulnerability",
  btc: "btc",
  mac: "mac-address",
  asn: "AS",
  filename: "filename",
  mutex: "mutex",
  regkey: "regkey",
  "user-agent": "user-agent",
};

/** Languages of patterns by the type that holds a rule of them. */
export const TYPE_OF_LANGUAGE: ReadonlyMap<string, string> = new Map([
  ["yara", "yara"],
  ["snort", "snort"],
  ["suricata", "suricata"],
  ["sigma", "sigma"],
  ["zeek", "zeek"],
  ["kusto", "kusto-query"],
  ["stix", "stix2-pattern"],
]);

/** MISP's names of digests by STIX's. */
export const MISP_HASHES: ReadonlyMap<string, string> = new Map(
  Object.entries(HASH_NAMES).map(([misp, stix]) => [stix, misp]),
);
