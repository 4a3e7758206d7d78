import { type LookupAddress, lookup as lookUpName } from "node:dns";
import type { LookupFunction } from "node:net";
import { AppError } from "@suar/contract";
import ipaddr from "ipaddr.js";

/**
 * Keeps what is sent to addresses that callers give (webhooks, sources) away from the inside of the network (SSRF).
 * A host is checked as it is spelled when the address is given, and every address that it resolves to is checked
 * again at each connection, where the checked address is the one that is connected to (no second look-up in
 * between: DNS rebinding).
 */
export type AddressGuard = {
  /** Throws `address-refused` for a URL that can be told to be bad without asking DNS. */
  checkUrl(url: string): URL;
  /** For the socket's own look-up: refuses the name if any of its addresses is refused. */
  lookup: LookupFunction;
  /** True for an address that may be connected to. */
  allows(address: string): boolean;
};

export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/** `allowed` are the networks that the operator opened by a setting of that name. */
export function createAddressGuard(allowed: readonly string[], setting: string): AddressGuard {
  const hint = `Private, loopback, link-local and metadata addresses are refused. An operator can allow named networks: ${setting}=127.0.0.0/8`;
  const networks = allowed.map((cidr) => ipaddr.parseCIDR(cidr));
  const allows = (text: string): boolean => {
    if (!ipaddr.isValid(text)) return false;
    const address = unwrap(ipaddr.parse(text));
    if (networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits)))
      return true;
    return address.range() === "unicast" && !isReservedAnyway(address);
  };
  return {
    allows,
    checkUrl: (text) => {
      const url = new URL(text);
      if (url.protocol !== "https:" && url.protocol !== "http:")
        throw new AppError("address-refused", "Only http and https");
      if (url.username !== "" || url.password !== "")
        throw new AppError("address-refused", "No user name or password in the URL");
      // The URL parser has already turned 0x7f.1, 2130706433 and 017700000001 into dotted decimals.
      const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
      if (ipaddr.isValid(host) && !allows(host)) throw new AppError("address-refused", hint);
      if (isLocalName(host) && !allows("127.0.0.1")) throw new AppError("address-refused", hint);
      if (!ipaddr.isValid(host) && !host.includes(".") && !isLocalName(host))
        throw new AppError("address-refused", "The host has to be a full name");
      return url;
    },
    lookup: (host, options, callback) => {
      lookUpName(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        if (error !== null) return callback(error, "", 0);
        const refused = addresses.find(({ address }) => !allows(address));
        const first = addresses[0];
        if (refused !== undefined || first === undefined)
          return callback(
            new AddressRefused(`${host} resolves to ${refused?.address ?? "nothing"}. ${hint}`),
            "",
            0,
          );
        if (options.all === true)
          return (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
  };
}

function isLocalName(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host.endsWith(".local") ||
    host.endsWith(".internal")
  );
}

/** An IPv4 address inside an IPv6 one is judged as what it is: mapped, compatible, NAT64, 6to4, Teredo's are refused below. */
function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() === "ipv4") return address;
  const six = address as ipaddr.IPv6;
  return six.isIPv4MappedAddress() ? six.toIPv4Address() : six;
}

// Ranges that can carry an IPv4 address or lead inside, whatever the library calls them.
const NEVER: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "2002::/16",
  "2001::/23",
  "fec0::/10",
  "100:0:0:1::/64",
  "192.0.0.0/24",
  "192.88.99.0/24",
  "198.18.0.0/15",
  "100.64.0.0/10",
].map((cidr) => ipaddr.parseCIDR(cidr));

function isReservedAnyway(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return NEVER.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}
