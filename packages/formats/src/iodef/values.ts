import { ObservableKind, patternFor } from "@suar/stix";
import { ownValue } from "../own-value.ts";
import { comparison, type Expression } from "../pattern-expression.ts";
import { canonicalOf } from "../value-kind.ts";
import { type Element, plainText } from "../xml/element.ts";

export type IodefValue = { kind: ObservableKind; raw: string };

/** One thing to look for: a value, which may be said otherwise beside others, or words of a pattern alone. */
export type Part = { value: IodefValue; beside?: string } | { text: string };

/** What is said of one thing, all of it together; `unsaid` are the parts of it that no pattern says. */
export type Group = { parts: readonly Part[]; unsaid: readonly string[] };

export function groupOf(value: IodefValue): Group {
  return { parts: [{ value }], unsaid: [] };
}

/** The parts of one thing are said of it together; nothing, where one of them cannot be said. */
export function expressionOfGroup({ parts, unsaid }: Group): Expression | undefined {
  const of = parts.map((part) => comparisonOf(part, parts.length > 1)).filter((part) => part !== undefined);
  if (unsaid.length > 0 || of.length < parts.length || of.length === 0) return undefined;
  return { is: "observation", of: { is: "and", of } };
}

function comparisonOf(part: Part, isBeside: boolean): Expression | undefined {
  if ("text" in part) return comparison(part.text);
  const { kind, raw } = part.value;
  const canonical = canonicalOf(ObservableKind.parse(kind), raw);
  if (!canonical.ok) return undefined;
  const text = patternFor(kind, canonical.value).slice(1, -1);
  return comparison(
    isBeside && part.beside !== undefined ? part.beside + text.slice(text.indexOf(" = ")) : text,
  );
}

/** Categories of addresses (RFC 5070 §3.16.1, RFC 7970 §3.18.1) and types of bulk observables (§3.29.3.1). */
const KINDS: Readonly<Record<string, ObservableKind>> = {
  "ipv4-addr": "ipv4",
  "ipv6-addr": "ipv6",
  "ipv4-net": "cidr4",
  "ipv4-net-mask": "cidr4",
  "ipv6-net": "cidr6",
  "ipv6-net-mask": "cidr6",
  "e-mail": "email",
  email: "email",
  asn: "asn",
  mac: "mac",
  "site-uri": "url",
  "site-url": "url",
  url: "url",
  "domain-name": "domain",
  fqdn: "domain",
};

/** The netmask of `192.0.2.0/255.255.255.0` or `2001:db8::/ffff:ffff::` as its length. */
function withPrefix(text: string): string {
  const [, network, mask] = /^([\da-f:.]{1,64})\s{0,8}\/\s{0,8}([\da-f:.]{1,64})$/i.exec(text) ?? [];
  if (network === undefined || mask === undefined || /^\d+$/.test(mask)) return text;
  const bits = mask.includes(":") ? bitsOfIpv6(mask) : bitsOfIpv4(mask);
  return bits !== undefined && /^1*0*$/.test(bits) ? `${network}/${bits.replace(/0/g, "").length}` : text;
}

function bitsOfIpv4(mask: string): string | undefined {
  const octets = mask.split(".").map(Number);
  return octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255)
    ? octets.map((octet) => octet.toString(2).padStart(8, "0")).join("")
    : undefined;
}

function bitsOfIpv6(mask: string): string | undefined {
  const [before = "", after, ...more] = mask.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [front, back] = [groups(before), groups(after ?? "")];
  const missing = after === undefined ? 0 : 8 - front.length - back.length;
  const all = [...front, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...back];
  if (more.length > 0 || all.length !== 8 || all.some((group) => !/^[\da-f]{1,4}$/i.test(group)))
    return undefined;
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

/** An address of a category; without one it is IPv4 (RFC 5070 §3.16.1), or whatever it shows to be. */
export function addressOf(element: Element): IodefValue | undefined {
  const raw = plainText(element);
  if (raw === undefined) return undefined;
  return valueNamed(element.attributes.category ?? (raw.includes(":") ? "ipv6-addr" : "ipv4-addr"), raw);
}

export function valueNamed(category: string, raw: string): IodefValue | undefined {
  const kind = ownValue(KINDS, category.toLowerCase());
  return kind === undefined ? undefined : { kind, raw: withPrefix(raw) };
}
