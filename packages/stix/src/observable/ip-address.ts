import { accepted, type Canonical, refused } from "./observable-kind.ts";

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/**
 * Dotted quad; an octet with a leading zero is refused, since some programs read it as octal. A network of one
 * address is that address.
 */
export function canonicalIpv4(text: string): Canonical {
  const address = text.endsWith("/32") ? text.slice(0, -3) : text;
  return IPV4.test(address) ? accepted(address) : refused("not-ipv4", "not an IPv4 address");
}

/** RFC 5952: lower case, the longest run of zeros compressed, IPv4-mapped addresses with a dotted tail. */
export function canonicalIpv6(text: string): Canonical {
  const groups = ipv6Groups(text.endsWith("/128") ? text.slice(0, -4) : text);
  return groups === undefined ? refused("not-ipv6", "not an IPv6 address") : accepted(formatIpv6(groups));
}

/** Host bits are cleared, so that one network has one spelling. */
export function canonicalCidr4(text: string): Canonical {
  const [address, bits] = splitCidr(text, 32);
  if (bits === undefined || !IPV4.test(address)) return refused("not-cidr", "not an IPv4 network");
  const octets = address.split(".").map((octet, index) => Number(octet) & maskOf(bits - index * 8, 8));
  return accepted(`${octets.join(".")}/${bits}`);
}

/** Host bits are cleared, and the address written as RFC 5952 says. */
export function canonicalCidr6(text: string): Canonical {
  const [address, bits] = splitCidr(text, 128);
  const groups = bits === undefined ? undefined : ipv6Groups(address);
  if (bits === undefined || groups === undefined) return refused("not-cidr", "not an IPv6 network");
  const network = groups.map((group, index) => group & maskOf(bits - index * 16, 16));
  return accepted(`${formatIpv6(network)}/${bits}`);
}

export function isIpv4OrCidr(text: string): boolean {
  return IPV4.test(text) || canonicalCidr4(text).ok;
}

export function isIpv6OrCidr(text: string): boolean {
  return ipv6Groups(text) !== undefined || canonicalCidr6(text).ok;
}

/** An address or a network: its groups (octets, or 16 bits each) and how many of its bits count. */
export type Network = { groups: readonly number[]; width: 8 | 16; bits: number };

/** Reads an IPv4 or IPv6 address or CIDR; undefined for what is neither. */
export function networkOf(text: string): Network | undefined {
  const [address4, bits4] = text.includes("/") ? splitCidr(text, 32) : [text, 32];
  if (bits4 !== undefined && IPV4.test(address4))
    return { groups: address4.split(".").map(Number), width: 8, bits: bits4 };
  const [address6, bits6] = text.includes("/") ? splitCidr(text, 128) : [text, 128];
  const groups = bits6 === undefined ? undefined : ipv6Groups(address6);
  return groups === undefined || bits6 === undefined ? undefined : { groups, width: 16, bits: bits6 };
}

/** Whether every address of `inner` is one of `outer`; an equal network is within itself. */
export function isWithin(inner: Network, outer: Network): boolean {
  if (inner.width !== outer.width || inner.bits < outer.bits) return false;
  return outer.groups.every((group, index) => {
    const mask = maskOf(outer.bits - index * outer.width, outer.width);
    return (group & mask) === ((inner.groups[index] ?? 0) & mask);
  });
}

/** The network of `bits` that an address or network lies in: the same text for the same network. */
export function prefixOf({ groups, width }: Network, bits: number): string {
  const masked = groups.map((group, index) => group & maskOf(bits - index * width, width));
  return `${masked.join(".")}/${bits}`;
}

function splitCidr(text: string, most: number): [string, number | undefined] {
  const slash = text.indexOf("/");
  const bits = text.slice(slash + 1);
  if (slash === -1 || !/^(?:0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > most) return [text, undefined];
  return [text.slice(0, slash), Number(bits)];
}

/** The mask of one group of `width` bits of which the first `bits` belong to the network. */
function maskOf(bits: number, width: number): number {
  const kept = Math.max(0, Math.min(width, bits));
  return ((1 << width) - 1) & ~((1 << (width - kept)) - 1);
}

function ipv6Groups(text: string): number[] | undefined {
  if (text.length > 45 || !text.includes(":")) return undefined;
  const halves = withHexTail(text)?.split("::");
  if (halves === undefined || halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? "");
  const tail = groupsOf(halves[1] ?? "");
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** A dotted tail as two groups: `::ffff:1.2.3.4` is `::ffff:102:304`. */
function withHexTail(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const start = text.lastIndexOf(":") + 1;
  const quad = text.slice(start);
  if (!IPV4.test(quad)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = quad.split(".").map(Number);
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function groupsOf(half: string): number[] | undefined {
  if (half === "") return [];
  const groups = half.split(":");
  return groups.every((group) => GROUP.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

function formatIpv6(groups: readonly number[]): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return `::ffff:${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  const hex = groups.map((group) => group.toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** RFC 5952 §4.2: the longest run, the first of equals. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}
