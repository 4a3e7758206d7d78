import { ALGORITHMS } from "./hash-kind.ts";
import type { ObservableKind } from "./observable-kind.ts";

/** The object path that a pattern compares; hashes are told apart below. */
const PATHS: Readonly<Partial<Record<ObservableKind, string>>> = {
  domain: "domain-name:value",
  ipv4: "ipv4-addr:value",
  ipv6: "ipv6-addr:value",
  cidr4: "ipv4-addr:value",
  cidr6: "ipv6-addr:value",
  url: "url:value",
  email: "email-addr:value",
  mac: "mac-addr:value",
  filename: "file:name",
  mutex: "mutex:name",
  regkey: "windows-registry-key:key",
  "user-agent": "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'[0]",
  // Neither is an SCO of STIX 2.1; these are the paths that other platforms write.
  btc: "cryptocurrency-wallet:value",
  cve: "vulnerability:name",
};

/** The STIX pattern (chapter 9) that says: this value was seen. `value` must be canonical. */
export function patternFor(kind: ObservableKind, value: string): string {
  if (kind === "asn") return `[autonomous-system:number = ${value}]`;
  const algorithm = ALGORITHMS[kind];
  const path = algorithm === undefined ? PATHS[kind] : `file:hashes.${quote(algorithm)}`;
  return `[${path} = ${quote(value)}]`;
}

/** §9.2: a backslash before each quote and backslash. */
function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
