import { createHash } from "node:crypto";
import { accepted, type Canonical, refused } from "./observable-kind.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** The constants that end the checksum of BIP 173 (version 0) and BIP 350 (later versions). */
const BECH32_END = 1;
const BECH32M_END = 0x2bc830a3;

/** A bitcoin address of the main network whose checksum is right; segwit addresses in lower case. */
export function canonicalBitcoin(text: string): Canonical {
  if (/^bc1/i.test(text)) return canonicalSegwit(text);
  return isBase58Address(text) ? accepted(text) : refused("not-btc", "not a bitcoin address");
}

/** Base58Check: version 0 (P2PKH) or 5 (P2SH), 20 bytes, and four of a double SHA-256. */
function isBase58Address(text: string): boolean {
  if (!/^[13][1-9A-HJ-NP-Za-km-z]{25,34}$/.test(text)) return false;
  let number = 0n;
  for (const char of text) number = number * 58n + BigInt(BASE58.indexOf(char));
  const hex = number.toString(16).padStart(50, "0");
  if (hex.length !== 50 || leadingOnes(text) !== leadingZeroBytes(hex)) return false;
  const bytes = Buffer.from(hex, "hex");
  if (bytes[0] !== 0 && bytes[0] !== 5) return false;
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

/** Each leading `1` stands for one zero byte, no more and no fewer. */
function leadingOnes(text: string): number {
  return text.length - text.replace(/^1+/, "").length;
}

function leadingZeroBytes(hex: string): number {
  return (hex.length - hex.replace(/^(?:00)+/, "").length) / 2;
}

function canonicalSegwit(text: string): Canonical {
  const wrong = refused("not-btc", "not a bitcoin address");
  // BIP 173: mixed case is refused, and 90 characters are the most.
  if (text.length > 90 || (text !== text.toLowerCase() && text !== text.toUpperCase())) return wrong;
  const address = text.toLowerCase();
  const data = Array.from(address.slice(3), (char) => BECH32.indexOf(char));
  const version = data[0];
  if (version === undefined || version > 16 || data.includes(-1)) return wrong;
  if (checksumOf(data) !== (version === 0 ? BECH32_END : BECH32M_END)) return wrong;
  const program = programLength(data.slice(1, -6));
  if (program === undefined || program < 2 || program > 40) return wrong;
  return version === 0 && program !== 20 && program !== 32 ? wrong : accepted(address);
}

/** The checksum of BIP 173 over the human-readable part `bc` and the data. */
function checksumOf(data: readonly number[]): number {
  let checksum = 1;
  for (const value of [3, 3, 0, 2, 3, ...data]) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, index) => {
      if ((top >>> index) & 1) checksum ^= generator;
    });
  }
  return checksum;
}

/** How many bytes the 5-bit groups make; undefined when more than padding is left over, or it is not zero. */
function programLength(groups: readonly number[]): number | undefined {
  const left = (groups.length * 5) % 8;
  const padding = (groups.at(-1) ?? 0) & ((1 << left) - 1);
  return left > 4 || padding !== 0 ? undefined : Math.floor((groups.length * 5) / 8);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
