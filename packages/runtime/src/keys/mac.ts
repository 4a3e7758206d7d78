import { hash } from "node:crypto";

/** HMAC-SHA-256 of a text under one key, in hexadecimal. */
export type Mac = (text: string) => string;

const BLOCK = 64;
const DIGEST = 32;
const SHORT = 2_048;

/**
 * HMAC (RFC 2104) of two plain hashes. Node's own makes a native object for each text, which costs more than the
 * hashing, and the garbage collector's time after it; a release makes two for each indicator. The key has 64 bytes
 * at most.
 */
export function createMac(key: Uint8Array): Mac {
  if (key.length > BLOCK) throw new RangeError(`a key of at most ${BLOCK} bytes`);
  const short = padded(key, 0x36, BLOCK + SHORT);
  const outer = padded(key, 0x5c, BLOCK + DIGEST);
  return (text) => {
    // A character takes three bytes of UTF-8 at most.
    const inner = text.length * 3 <= SHORT ? short : padded(key, 0x36, BLOCK + Buffer.byteLength(text));
    const end = BLOCK + inner.write(text, BLOCK);
    outer.write(hash("sha256", inner.subarray(0, end), "binary"), BLOCK, "latin1");
    return hash("sha256", outer, "hex");
  };
}

function padded(key: Uint8Array, pad: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < BLOCK; at++) bytes[at] = (key[at] ?? 0) ^ pad;
  return bytes;
}
