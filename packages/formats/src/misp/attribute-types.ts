import type { ObservableKind } from "@suar/stix";

/** What an attribute of a type becomes. */
export type AttributeMapping =
  | { becomes: "value"; kinds: readonly ObservableKind[]; seen?: true }
  /** `first|second`: two values that belong together. */
  | { becomes: "pair"; kinds: readonly [readonly ObservableKind[], readonly ObservableKind[]] }
  | { becomes: "with-port"; kinds: readonly ObservableKind[] }
  /** A file: a name and a hash, or one of them. */
  | { becomes: "file"; hash?: string; payload?: true }
  | { becomes: "rule"; language: string }
  | { becomes: "registry-value" }
  | { becomes: "vulnerability" }
  | { becomes: "reference" }
  | { becomes: "note" };

const ADDRESS: readonly ObservableKind[] = ["ipv4", "ipv6", "cidr4", "cidr6"];
const DOMAIN: readonly ObservableKind[] = ["domain"];

/** Digests under the names of STIX's hash vocabulary (§10.7), or under their own where it has none. */
export const HASH_NAMES: Readonly<Record<string, string>> = {
  md5: "MD5",
  sha1: "SHA-1",
  sha224: "SHA-224",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
  "sha3-256": "SHA3-256",
  "sha3-512": "SHA3-512",
  ssdeep: "SSDEEP",
  tlsh: "TLSH",
};

const values = (names: string, kinds: readonly ObservableKind[]) =>
  names.split(" ").map((name): [string, AttributeMapping] => [name, { becomes: "value", kinds }]);

const TYPES: ReadonlyMap<string, AttributeMapping> = new Map<string, AttributeMapping>([
  ...values("ip-src ip-dst", ADDRESS),
  ...values("domain hostname", DOMAIN),
  ...values("url", ["url"]),
  ...values("email email-src email-dst email-reply-to", ["email"]),
  ["target-email", { becomes: "value", kinds: ["email"], seen: true }],
  ...values("md5", ["md5"]),
  ...values("sha1", ["sha1"]),
  ...values("sha256", ["sha256"]),
  ...values("sha512", ["sha512"]),
  ...values("ssdeep", ["ssdeep"]),
  ...values("filename email-attachment", ["filename"]),
  ...values("mutex", ["mutex"]),
  ...values("regkey", ["regkey"]),
  ...values("user-agent", ["user-agent"]),
  ...values("AS", ["asn"]),
  ...values("btc", ["btc"]),
  ...values("mac-address mac-eui-64", ["mac"]),
  ["domain|ip", { becomes: "pair", kinds: [DOMAIN, ADDRESS] }],
  ...["ip-src|port", "ip-dst|port"].map((name): [string, AttributeMapping] => [
    name,
    { becomes: "with-port", kinds: ADDRESS },
  ]),
  ["hostname|port", { becomes: "with-port", kinds: DOMAIN }],
  ...Object.keys(HASH_NAMES).map((hash): [string, AttributeMapping] => [
    `filename|${hash}`,
    { becomes: "file", hash },
  ]),
  ...["sha224", "sha384", "sha3-256", "sha3-512", "tlsh"].map((hash): [string, AttributeMapping] => [
    hash,
    { becomes: "file", hash },
  ]),
  ["malware-sample", { becomes: "file", hash: "md5", payload: true }],
  ["attachment", { becomes: "file", payload: true }],
  ["regkey|value", { becomes: "registry-value" }],
  ["yara", { becomes: "rule", language: "yara" }],
  ["snort", { becomes: "rule", language: "snort" }],
  ["sigma", { becomes: "rule", language: "sigma" }],
  ["stix2-pattern", { becomes: "rule", language: "stix" }],
  ["vulnerability", { becomes: "vulnerability" }],
  ["link", { becomes: "reference" }],
  ["text", { becomes: "note" }],
  ["comment", { becomes: "note" }],
  ["other", { becomes: "note" }],
]);

export function mappingOf(type: string): AttributeMapping | undefined {
  return TYPES.get(type);
}
