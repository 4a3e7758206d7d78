import type { ObservableValue } from "@suar/stix";
import { blocklist } from "./blocklist.ts";
import { markingLines } from "./marking-lines.ts";

/** A name and that of the zone below which it stands have 255 octets together (RFC 1035 §2.3.4). */
const LONGEST_NAME = 190;

/**
 * A response policy zone (draft-vixie-dnsop-dns-rpz §3): names in it, and what is below them, do not exist (NXDOMAIN), nor
 * do answers with addresses in it. All names are relative to whatever the zone is called where it is loaded.
 */
export const rpzWriter = blocklist({
  mediaType: "text/dns; charset=utf-8",
  extension: ".rpz",
  losses: [
    "values of other kinds than domain, ipv4, ipv6 and networks",
    "names with a label that begins with rpz-, which mean another thing to whoever reads the zone",
  ],
  header: (facts) =>
    `${markingLines(facts, ";")}$TTL 300\n@ IN SOA localhost. root.localhost. ${facts.serial} 300 60 86400 300\n@ IN NS localhost.\n`,
  lines: (value) => {
    if (value.kind === "domain") return domainLines(value.value);
    const trigger = triggerOf(value);
    return trigger === undefined ? undefined : `${trigger}.rpz-ip CNAME .\n`;
  },
});

/** §4: names of these are no names but triggers and actions, wherever they end below the zone; more may come (§3). */
const TRIGGER = /(?:^|\.)rpz-/;

function domainLines(domain: string): string | null {
  return domain.length > LONGEST_NAME || TRIGGER.test(domain)
    ? null
    : `${domain} CNAME .\n*.${domain} CNAME .\n`;
}

/** §4.1.1: bits, and the address backwards; `zz` stands for IPv6's `::`. */
function triggerOf({ kind, value }: ObservableValue): string | undefined {
  const [address = "", bits] = value.split("/");
  if (kind === "ipv4" || kind === "cidr4") return `${bits ?? 32}.${address.split(".").reverse().join(".")}`;
  if (kind !== "ipv6" && kind !== "cidr6") return undefined;
  return `${bits ?? 128}.${groupsOf(address).reverse().join(".")}`;
}

/** An address as RFC 5952 writes it, in groups of hexadecimal digits and `zz`. IPv4-mapped ones are in no blocklist. */
function groupsOf(address: string): string[] {
  if (!address.includes("::")) return address.split(":");
  const [before = "", after = ""] = address.split("::");
  const split = (part: string): string[] => (part === "" ? [] : part.split(":"));
  return [...split(before), "zz", ...split(after)];
}
