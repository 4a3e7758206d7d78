import { ADDRESS_KINDS, type ObservableKind } from "@suar/stix";
import { HASH_NAMES } from "./hash-names.ts";
import { PROPERTY_TYPES, type PropertyMapping } from "./property-types.ts";

/** What an attribute of a type becomes. */
export type AttributeMapping =
  /** `seen`: never an indicator. `orLost`: what is no such value is lost by its type, and no bad value. */
  | { becomes: "value"; kinds: readonly ObservableKind[]; seen?: true; orLost?: true }
  | PropertyMapping
  /** `first|second`: two values that belong together. */
  | { becomes: "pair"; kinds: readonly [readonly ObservableKind[], readonly ObservableKind[]] }
  | { becomes: "with-port"; kinds: readonly ObservableKind[] }
  /** A file: a name and a hash, or one of them. */
  | { becomes: "file"; hash?: string; payload?: true }
  | { becomes: "rule"; language: string }
  | { becomes: "registry-value" }
  | { becomes: "vulnerability" }
  | { becomes: "software" }
  | { becomes: "reference" }
  | { becomes: "note" };

const DOMAIN: readonly ObservableKind[] = ["domain"];

/** Digests that are kinds of their own. */
const HASH_KINDS: readonly ObservableKind[] = ["md5", "sha1", "sha256", "sha512", "ssdeep"];
const KINDS_OF_HASH: ReadonlySet<string> = new Set(HASH_KINDS);

const values = (names: string, kinds: readonly ObservableKind[]) =>
  names.split(" ").map((name): [string, AttributeMapping] => [name, { becomes: "value", kinds }]);

const TYPES: ReadonlyMap<string, AttributeMapping> = new Map<string, AttributeMapping>([
  ...values("ip-src ip-dst", ADDRESS_KINDS),
  ...values("domain hostname onion-address", DOMAIN),
  ...values("url", ["url"]),
  ...values("email email-src email-dst email-reply-to", ["email"]),
  ["target-email", { becomes: "value", kinds: ["email"], seen: true }],
  ["whois-registrant-email", { becomes: "value", kinds: ["email"], seen: true }],
  ["dns-soa-email", { becomes: "value", kinds: ["email"], seen: true }],
  ["uri", { becomes: "value", kinds: ["url"], orLost: true }],
  ["github-repository", { becomes: "value", kinds: ["url"], orLost: true }],
  ...HASH_KINDS.map((kind): [string, AttributeMapping] => [kind, { becomes: "value", kinds: [kind] }]),
  ...values("filename email-attachment", ["filename"]),
  ...values("mutex", ["mutex"]),
  ...values("regkey", ["regkey"]),
  ...values("user-agent", ["user-agent"]),
  ...values("AS", ["asn"]),
  ...values("btc", ["btc"]),
  ...values("mac-address", ["mac"]),
  ["domain|ip", { becomes: "pair", kinds: [DOMAIN, ADDRESS_KINDS] }],
  ...["ip-src|port", "ip-dst|port"].map((name): [string, AttributeMapping] => [
    name,
    { becomes: "with-port", kinds: ADDRESS_KINDS },
  ]),
  ["hostname|port", { becomes: "with-port", kinds: DOMAIN }],
  ...Object.keys(HASH_NAMES).map((hash): [string, AttributeMapping] => [
    `filename|${hash}`,
    { becomes: "file", hash },
  ]),
  ...Object.keys(HASH_NAMES)
    .filter((hash) => !KINDS_OF_HASH.has(hash))
    .map((hash): [string, AttributeMapping] => [hash, { becomes: "file", hash }]),
  ["malware-sample", { becomes: "file", hash: "md5", payload: true }],
  ["attachment", { becomes: "file", payload: true }],
  ["regkey|value", { becomes: "registry-value" }],
  ["yara", { becomes: "rule", language: "yara" }],
  ["snort", { becomes: "rule", language: "snort" }],
  ["sigma", { becomes: "rule", language: "sigma" }],
  // Outside of STIX's vocabulary (pattern-type-ov), which is open.
  ["bro", { becomes: "rule", language: "zeek" }],
  ["zeek", { becomes: "rule", language: "zeek" }],
  ["kusto-query", { becomes: "rule", language: "kusto" }],
  ["stix2-pattern", { becomes: "rule", language: "stix" }],
  ["vulnerability", { becomes: "vulnerability" }],
  ["cpe", { becomes: "software" }],
  ["link", { becomes: "reference" }],
  ["text", { becomes: "note" }],
  ["comment", { becomes: "note" }],
  ["other", { becomes: "note" }],
  ...Object.entries(PROPERTY_TYPES),
]);

export function mappingOf(type: string): AttributeMapping | undefined {
  return TYPES.get(type);
}
