import { type Network, networkOf } from "../../warning/network.ts";
import { NetworkSet } from "../../warning/network-set.ts";
import { PUBLIC_RESOLVERS } from "./public-resolvers.ts";

/**
 * IANA's special-purpose addresses of IPv4 (RFC 6890), and multicast: what stands at one of them is another thing in each
 * network. Those for documentation are not among them: they are nobody's, and what exercises play with.
 */
const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;

/** Of IPv6 what is global unicast (RFC 4291 §2.4) is somebody's, but for what is of a protocol or leads to IPv4. */
const GLOBAL_IPV6 = setOf(["2000::/3"]);
const SPECIAL_IPV6 = ["2001::/23", "2002::/16", "2620:4f:8000::/48"] as const;

/** As people read them; of IPv6 all that is not within 2000::/3 besides. */
export const SPECIAL_NETWORKS: readonly string[] = [...SPECIAL_IPV4, ...SPECIAL_IPV6];
const SPECIAL = setOf(SPECIAL_NETWORKS);

const SHARED = setOf(PUBLIC_RESOLVERS);

/** Bits that a network has at least, by the bytes of its addresses: whoever names a wider one would have a device block what nobody means. */
const FEWEST_BITS: Readonly<Record<number, number>> = { 4: 16, 16: 32 };
const IPV6_BYTES = 16;

/** Whether a network is wider than anybody can mean. */
export function isWideNetwork({ start, bits }: Network): boolean {
  return bits < (FEWEST_BITS[start.length] ?? 0);
}

/** Whether it means another thing in each network. */
export function isSpecialAddress(network: Network): boolean {
  return SPECIAL.overlaps(network) || (network.start.length === IPV6_BYTES && !GLOBAL_IPV6.overlaps(network));
}

/** Whether whole networks ask it, or one of its addresses, for names. */
export function isPublicResolver(network: Network): boolean {
  return SHARED.overlaps(network);
}

function setOf(texts: readonly string[]): NetworkSet {
  return new NetworkSet(texts.map(known));
}

function known(text: string): Network {
  const network = networkOf(text);
  if (network === undefined) throw new Error(`no network: ${text}`);
  return network;
}
