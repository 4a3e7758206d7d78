import { isAddressKind, type ObservableValue } from "@suar/stix";
import {
  isPublicResolver,
  isSpecialAddress,
  isWideNetwork,
  SPECIAL_NETWORKS,
} from "../write/admit/admit-address.ts";
import { isPublicSuffix, isReservedName, RESERVED_NAMES } from "../write/admit/admit-domain.ts";
import { PUBLIC_RESOLVERS } from "../write/admit/public-resolvers.ts";
import { LookedUp } from "./looked-up.ts";
import type { Network } from "./network.ts";
import type { WarningListType } from "./warning-list.ts";

/** A list that Suar brings along. It is asked as code, where more than comparing entries is needed. */
export type BuiltInList = {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly type: WarningListType;
  readonly entries: readonly string[];
};

const VERSION = 1;

export const BUILT_IN = {
  special: {
    id: "special-purpose-addresses",
    name: "Suar: special-purpose addresses (RFC 6890)",
    version: VERSION,
    description:
      "Addresses that mean another thing in each network, and multicast. Not those for documentation, which are nobody's and what exercises play with.",
    type: "cidr",
    entries: SPECIAL_NETWORKS,
  },
  wide: {
    id: "wide-networks",
    name: "Suar: networks wider than anybody means",
    version: VERSION,
    description: "Networks of fewer bits than 16 of IPv4, or 32 of IPv6.",
    type: "cidr",
    entries: [],
  },
  resolvers: {
    id: "public-resolvers",
    name: "Suar: public resolvers and root servers",
    version: VERSION,
    description: "Addresses that whole networks ask for names.",
    type: "cidr",
    entries: PUBLIC_RESOLVERS,
  },
  reserved: {
    id: "reserved-names",
    name: "Suar: reserved names (RFC 2606, RFC 6761, RFC 6762)",
    version: VERSION,
    description:
      "Names that each network has its own of. Not example, which is nobody's, nor onion (RFC 7686), below which each name is one party's.",
    type: "hostname",
    entries: RESERVED_NAMES,
  },
  suffixes: {
    id: "public-suffixes",
    name: "Suar: public suffixes",
    version: VERSION,
    description: "Names below which strangers are, by the Public Suffix List with its private part.",
    type: "string",
    entries: [],
  },
} as const satisfies Record<string, BuiltInList>;

/** The built-in list that a value is on: what no blocklist holds, whoever says that it is malicious. */
export function builtInListOf(value: ObservableValue, looked = new LookedUp(value)): BuiltInList | undefined {
  const { kind, value: text } = value;
  if (kind === "domain") return ofName(text) ?? (isPublicSuffix(text) ? BUILT_IN.suffixes : undefined);
  if (kind === "url") return ofUrl(looked);
  if (!isAddressKind(kind)) return undefined;
  const { network } = looked;
  if (network === null) throw new Error("no address in its canonical form");
  return ofNetwork(network) ?? (isPublicResolver(network) ? BUILT_IN.resolvers : undefined);
}

function ofNetwork(network: Network): BuiltInList | undefined {
  if (isWideNetwork(network)) return BUILT_IN.wide;
  return isSpecialAddress(network) ? BUILT_IN.special : undefined;
}

function ofName(name: string): BuiltInList | undefined {
  return isReservedName(name) ? BUILT_IN.reserved : undefined;
}

/** Its path is one party's also below a name that many share; what is no host's is read by nobody's network. */
function ofUrl({ network, host }: LookedUp): BuiltInList | undefined {
  return network === null ? ofName(host) : ofNetwork(network);
}
