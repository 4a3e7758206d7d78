import { getPublicSuffix } from "tldts";

/**
 * Names that mean another thing in each network: RFC 6761 and RFC 2606 §2, multicast DNS (RFC 6762, with what its appendix G
 * says networks use), RFC 9476, ICANN's `internal` and the names it does not delegate. `example` is not among them, as it
 * is nobody's and exercises play with it; nor is `onion`, below which each name is one party's.
 */
export const RESERVED_NAMES: readonly string[] = [
  "alt",
  "arpa",
  "corp",
  "home",
  "internal",
  "intranet",
  "invalid",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "mail",
  "private",
  "test",
];
const RESERVED: ReadonlySet<string> = new Set(RESERVED_NAMES);

/** By name alone: what stands on the wire is in lower case and ASCII already. */
const AS_IS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false };

/** Whether strangers are below it. */
export function isPublicSuffix(name: string): boolean {
  return getPublicSuffix(name, AS_IS) === name;
}

/** Whether each network has its own of it. */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name.slice(name.lastIndexOf(".") + 1));
}
