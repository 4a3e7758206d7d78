import type { ObservableKind } from "@suar/stix";

/** What a column of some report means. The columns of no line here have no place in STIX. */
export type Meaning =
  | { becomes: "address"; end: "host" | "source" | "target" | "other" }
  | { becomes: "port"; end: "host" | "source" | "target" }
  | { becomes: "value"; kinds: readonly ObservableKind[] }
  /** A digest of a file: those of one `file` are the same file's. */
  | { becomes: "digest"; file: string; hash: string }
  /** A digest or a property of the certificate that was served. */
  | { becomes: "certificate"; property: string; hash?: string }
  | { becomes: "malware" }
  | { becomes: "vulnerability" }
  | { becomes: "label"; key?: string }
  | { becomes: "protocol" | "time" | "end-time" | "count" | "severity" };

const DOMAIN: readonly ObservableKind[] = ["domain"];
const URL: readonly ObservableKind[] = ["url"];
const EMAIL: readonly ObservableKind[] = ["email"];

export const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["timestamp", { becomes: "time" }],
  ...each("end_time last_seen_time", { becomes: "end-time" }),
  ...each("count number_of_connections", { becomes: "count" }),
  ["severity", { becomes: "severity" }],
  ["protocol", { becomes: "protocol" }],
  ["ip", { becomes: "address", end: "host" }],
  ["port", { becomes: "port", end: "host" }],
  ["src_ip", { becomes: "address", end: "source" }],
  ["src_port", { becomes: "port", end: "source" }],
  ["dst_ip", { becomes: "address", end: "target" }],
  ["dst_port", { becomes: "port", end: "target" }],
  ...each(
    "attack_src_ip http_referer_ip mdns_ipv4 mdns_ipv6 workstation_ipv4 workstation_ipv6 external_ip network_address",
    { becomes: "address", end: "other" },
  ),
  ...each(
    "hostname src_hostname dst_hostname http_referer_hostname http_host domain dns_host_name host ssl_servername",
    { becomes: "value", kinds: DOMAIN },
  ),
  ...each("url http_url cc_url payload_url source_url redirect_target leak_site_url website", {
    becomes: "value",
    kinds: URL,
  }),
  ...each("email sender", { becomes: "value", kinds: EMAIL }),
  ...each("asn src_asn dst_asn http_referer_asn", { becomes: "value", kinds: ["asn"] }),
  ...each("mac mac_address", { becomes: "value", kinds: ["mac"] }),
  ...digests("", "file"),
  ...digests("file_", "file_"),
  ...digests("payload_", "payload_"),
  ...digests("binary_", "binary_"),
  ["sha256_fingerprint", { becomes: "certificate", property: "hashes", hash: "SHA-256" }],
  ["sha1_fingerprint", { becomes: "certificate", property: "hashes", hash: "SHA-1" }],
  ["sha512_fingerprint", { becomes: "certificate", property: "hashes", hash: "SHA-512" }],
  ["md5_fingerprint", { becomes: "certificate", property: "hashes", hash: "MD5" }],
  ["cert_serial_number", { becomes: "certificate", property: "serial_number" }],
  ["subject_common_name", { becomes: "certificate", property: "subject" }],
  ["issuer_common_name", { becomes: "certificate", property: "issuer" }],
  ["cert_issue_date", { becomes: "certificate", property: "validity_not_before" }],
  ["cert_expiration_date", { becomes: "certificate", property: "validity_not_after" }],
  ["signature_algorithm", { becomes: "certificate", property: "signature_algorithm" }],
  ...each("infection family ransomware", { becomes: "malware" }),
  ["vulnerability_id", { becomes: "vulnerability" }],
  ["tag", { becomes: "label" }],
  ...[
    "geo src_geo dst_geo sector src_sector dst_sector naics src_naics application category status reason source",
    "device_vendor device_type device_model device_version device_sector public_source attack service system",
    "threat_framework threat_tactic_id threat_technique_id vulnerability_score vulnerability_severity",
    "target_vendor target_product target_class hostname_source vendor product version",
  ]
    .join(" ")
    .split(" ")
    .map((name): [string, Meaning] => [name, { becomes: "label", key: name }]),
]);

function each(names: string, meaning: Meaning): [string, Meaning][] {
  return names.split(" ").map((name) => [name, meaning]);
}

function digests(prefix: string, file: string): [string, Meaning][] {
  const named = { md5: "MD5", sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" };
  return Object.entries(named).map(([name, hash]) => [prefix + name, { becomes: "digest", file, hash }]);
}
