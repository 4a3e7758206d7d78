import { createCipheriv } from "node:crypto";

/**
 * Crypto-PAn (Xu, Fan, Ammar, Moon: "Prefix-Preserving IP Address Anonymization", 2002): two addresses share as
 * many leading bits afterwards as they did before. The first half of the key is AES-128's, the second is
 * encrypted to become the padding. IPv6 in the same way, over 128 bits.
 */
export function cryptopan(key: Uint8Array): (ip: string) => string | undefined {
  if (key.length !== 32) throw new RangeError("Crypto-PAn needs a key of 32 bytes");
  const encrypt = blockCipher(key.subarray(0, 16));
  const pad = encrypt(key.subarray(16));
  return (ip) => {
    const bytes = bytesOf(ip);
    return bytes === undefined ? undefined : textOf(anonymized(bytes, pad, encrypt));
  };
}

type Encrypt = (block: Uint8Array) => Uint8Array;

/** One block of 16 bytes at a time, without chaining: each is a question of its own. */
function blockCipher(key: Uint8Array): Encrypt {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return (block) => cipher.update(block);
}

/** Each bit is turned over or not by what encrypting all bits before it says. */
function anonymized(address: Uint8Array, pad: Uint8Array, encrypt: Encrypt): Uint8Array {
  const result = Uint8Array.from(address);
  const block = Uint8Array.from(pad);
  for (let bit = 0; bit < address.length * 8; bit += 1) {
    const at = bit >> 3;
    const mask = 0x80 >> (bit & 7);
    if (((encrypt(block)[0] ?? 0) & 0x80) !== 0) result[at] = (result[at] ?? 0) ^ mask;
    block[at] = ((block[at] ?? 0) & ~mask) | ((address[at] ?? 0) & mask);
  }
  return result;
}

function bytesOf(ip: string): Uint8Array | undefined {
  return ip.includes(":") ? bytesOfIpv6(ip) : bytesOfIpv4(ip);
}

function bytesOfIpv4(ip: string): Uint8Array | undefined {
  const octets = ip.split(".");
  if (octets.length !== 4 || octets.some((octet) => !/^\d{1,3}$/.test(octet) || Number(octet) > 255))
    return undefined;
  return Uint8Array.from(octets.map(Number));
}

function bytesOfIpv6(ip: string): Uint8Array | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(ip);
  const tail = dotted === null ? undefined : bytesOfIpv4(dotted[2] ?? "");
  if (dotted !== null && tail === undefined) return undefined;
  const hex = tail === undefined ? ip : `${dotted?.[1]}${hexOf(tail).join(":")}`;
  const [head = "", rest, ...more] = hex.split("::");
  const groups = head === "" ? [] : head.split(":");
  const last = rest === undefined || rest === "" ? [] : rest.split(":");
  const missing = 8 - groups.length - last.length;
  if (more.length > 0 || (rest === undefined ? missing !== 0 : missing < 1)) return undefined;
  const whole = [...groups, ...new Array<string>(missing).fill("0"), ...last];
  if (!whole.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    whole.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

function hexOf(bytes: Uint8Array): string[] {
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2)
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return groups;
}

function textOf(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join(".") : hexOf(bytes).join(":");
}
