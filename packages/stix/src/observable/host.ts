import { domainToASCII } from "node:url";
import { canonicalIpv4, canonicalIpv6 } from "./ip-address.ts";
import { accepted, type Canonical, type ObservableKind, refused } from "./observable-kind.ts";

const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);

/**
 * Lower case, A-labels (RFC 5891), no trailing dot; at least two labels. Underscores are let through, since
 * hostile names have them; a last label of digits is refused, since that is an address.
 */
export function canonicalDomain(text: string): Canonical {
  const ascii = /^[\x21-\x7e]+$/.test(text) && !/xn--/i.test(text) ? text.toLowerCase() : domainToASCII(text);
  const name = ascii.endsWith(".") ? ascii.slice(0, -1) : ascii;
  if (name.length > 253 || !DOMAIN.test(name)) return refused("not-domain", "not a domain name");
  return accepted(name);
}

/** What a host is, brackets of IPv6 allowed: a domain, an address, or nothing that can be looked up. */
export function classifyHost(host: string): { kind: ObservableKind; value: string } | undefined {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const ipv4 = canonicalIpv4(bare);
  if (ipv4.ok) return { kind: "ipv4", value: ipv4.value };
  const ipv6 = canonicalIpv6(bare);
  if (ipv6.ok) return { kind: "ipv6", value: ipv6.value };
  const domain = canonicalDomain(bare);
  return domain.ok ? { kind: "domain", value: domain.value } : undefined;
}
