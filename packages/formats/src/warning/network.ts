import ipaddr from "ipaddr.js";

/** A network, or one address: its first address as bytes (latin1, four or sixteen of them) and how many bits are fixed. */
export type Network = { readonly start: string; readonly bits: number };

/** Reads `192.0.2.0/24`, `2001:db8::/32` or one address; bits of the host are left out. Undefined for anything else. */
export function networkOf(text: string): Network | undefined {
  const [address = "", length, ...more] = text.split("/");
  if (more.length > 0) return undefined;
  const bytes = bytesOf(address);
  if (bytes === undefined) return undefined;
  const all = bytes.length * 8;
  const bits = length === undefined ? all : /^\d{1,3}$/.test(length) ? Number(length) : all + 1;
  return bits > all ? undefined : { start: masked(bytes, bits), bits };
}

const FOUR_PARTS = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

function bytesOf(address: string): number[] | undefined {
  // Most are asked for of names: a parser that throws costs as much as all else that is done with them.
  if (FOUR_PARTS.test(address)) {
    const bytes = address.split(".").map(Number);
    return bytes.every((byte) => byte <= 0xff) ? bytes : undefined;
  }
  if (!/^[0-9a-f:.]+$/i.test(address) || !ipaddr.IPv6.isValid(address)) return undefined;
  return ipaddr.IPv6.parse(address).toByteArray();
}

function masked(bytes: readonly number[], bits: number): string {
  return String.fromCharCode(
    ...bytes.map((byte, place) => byte & (0xff << (8 - Math.min(Math.max(bits - place * 8, 0), 8)))),
  );
}
