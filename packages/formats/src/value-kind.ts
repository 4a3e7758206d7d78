import {
  ADDRESS_KINDS,
  type Canonical,
  canonicalize,
  classifyValue,
  type ObservableKind,
  refang,
} from "@suar/stix";
import type { ValueRole } from "./draft.ts";

const HASH: readonly ObservableKind[] = ["md5", "sha1", "sha256", "sha512", "ssdeep"];
const NETWORK: readonly ObservableKind[] = ["domain", "url", "email", ...ADDRESS_KINDS];

/** Kinds that people defang. In names of files and the like a bracket is a bracket. */
const DEFANGED: ReadonlySet<ObservableKind> = new Set(NETWORK);

/** The canonical form of a value as a report writes it, defanged or not. */
export function canonicalOf(kind: ObservableKind, raw: string): Canonical {
  return canonicalize(kind, DEFANGED.has(kind) ? refang(raw) : raw);
}

/** The kind that a value shows, defanged or not. */
export function kindShown(raw: string): ObservableKind | undefined {
  return classifyValue(refang(raw));
}

/** What people call kinds, with anything but letters and digits left out. */
const NAMES: Record<string, readonly ObservableKind[]> = {
  ...named(
    ADDRESS_KINDS,
    "ip ipaddress ipaddr address ipdst ipsrc srcip dstip destip sourceip destinationip ipport",
  ),
  ...named(["ipv4"], "ipv4 ipv4addr ip4 ipv4address"),
  ...named(["ipv6"], "ipv6 ipv6addr ip6 ipv6address"),
  ...named(["cidr4", "cidr6"], "cidr subnet netblock network iprange"),
  ...named(["domain"], "domain domainname hostname host fqdn dns"),
  ...named(["url"], "url uri link"),
  ...named(["email"], "email emailaddr emailaddress mail sender emailsrc emaildst"),
  ...named(HASH, "hash filehash checksum"),
  ...named(["md5"], "md5 filehashmd5 md5hash hashmd5"),
  ...named(["sha1"], "sha1 filehashsha1 sha1hash hashsha1"),
  ...named(["sha256"], "sha256 filehashsha256 sha256hash hashsha256"),
  ...named(["sha512"], "sha512 filehashsha512 sha512hash hashsha512"),
  ...named(["ssdeep"], "ssdeep"),
  ...named(["cve"], "cve cveid vulnerability vuln"),
  ...named(["btc"], "btc bitcoin bitcoinaddress btcaddress"),
  ...named(["mac"], "mac macaddress macaddr"),
  ...named(["asn"], "as asn autonomoussystem"),
  ...named(["filename"], "filename file"),
  ...named(["mutex"], "mutex"),
  ...named(["regkey"], "regkey registrykey registry windowsregistrykey"),
  ...named(["user-agent"], "useragent httpuseragent"),
};

function named(kinds: readonly ObservableKind[], names: string): Record<string, readonly ObservableKind[]> {
  return Object.fromEntries(names.split(" ").map((name) => [name, kinds]));
}

/** The kinds that a name stands for: `ip` is any address, `hash` any digest. */
export function kindsNamed(name: string): readonly ObservableKind[] | undefined {
  const plain = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return Object.hasOwn(NAMES, plain) ? NAMES[plain] : undefined;
}

/** The kind of a value that is said to be one of `kinds`. Only one left means that it is said, not guessed. */
export function kindAmong(raw: string, kinds: readonly ObservableKind[]): ObservableKind | undefined {
  if (kinds.length === 1) return kinds[0];
  const found = kindShown(raw);
  return found !== undefined && kinds.includes(found) ? found : undefined;
}

/** Kinds whose values show what they are, so that a column's name need not be believed. */
const TELLING = new Set<ObservableKind>([...NETWORK, ...HASH, "cve"]);

export function isTelling(kind: ObservableKind): boolean {
  return TELLING.has(kind);
}

const OBSERVABLE_TYPES: Partial<Record<ObservableKind, string>> = {
  domain: "domain-name",
  ipv4: "ipv4-addr",
  ipv6: "ipv6-addr",
  cidr4: "ipv4-addr",
  cidr6: "ipv6-addr",
  url: "url",
  email: "email-addr",
  md5: "file",
  sha1: "file",
  sha256: "file",
  sha512: "file",
  ssdeep: "file",
  filename: "file",
  mac: "mac-addr",
  asn: "autonomous-system",
  mutex: "mutex",
  regkey: "windows-registry-key",
};

/**
 * The STIX type that a value becomes. A CVE has neither pattern nor observable and is a vulnerability either
 * way; what STIX has no observable for is an indicator either way.
 */
export function typeOfValue(kind: ObservableKind, as: ValueRole): string {
  if (kind === "cve") return "vulnerability";
  return (as === "observable" ? OBSERVABLE_TYPES[kind] : undefined) ?? "indicator";
}
