import { createCipheriv, hash } from "node:crypto";

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

/** 128 bits for a text under one key, in hexadecimal. */
export type Tag = (text: string) => string;

const TAG_DIGITS = 32;

/**
 * Half of one SHA-256 over key and text. The half that nobody is shown keeps everybody from going on from the hash to that of a
 * longer text, which is what HMAC takes a second hash for; the key has a length of its own, so that none is the beginning
 * of another.
 */
export function createTag(key: Uint8Array): Tag {
  if (key.length !== DIGEST) throw new RangeError(`a key of ${DIGEST} bytes`);
  const short = Buffer.alloc(DIGEST + SHORT);
  short.set(key);
  return (text) => {
    // A character takes three bytes of UTF-8 at most.
    const isShort = text.length * 3 <= SHORT;
    const input = isShort ? short : Buffer.concat([key, Buffer.alloc(Buffer.byteLength(text))]);
    const end = DIGEST + input.write(text, DIGEST);
    return hash("sha256", input.subarray(0, end), "hex").slice(0, TAG_DIGITS);
  };
}

/** So many bytes for a text under one key. */
export type Keystream = (text: string) => Uint8Array;

/**
 * Bytes in bulk, of which any part tells nothing of the others: the keystream of AES-256 in counter mode (NIST SP 800-38A,
 * section 6.5) under a key that is the text's own, its HMAC. The counter begins at zero since no key is used twice for
 * anything else.
 */
export function createKeystream(key: Uint8Array, size: number): Keystream {
  const mac = createMac(key);
  const nothing = Buffer.alloc(size);
  const begin = Buffer.alloc(16);
  return (text) => createCipheriv("aes-256-ctr", Buffer.from(mac(text), "hex"), begin).update(nothing);
}

/** 64 bytes for a text under one key, as they stand until the next text. */
export type WideMac = (text: string) => Uint8Array;

const WIDE = 64;

/**
 * One BLAKE2b-512 (RFC 7693) over key and text. Its last block is told apart from all others, so that, unlike of SHA-2,
 * nothing can be worked out of a longer text: the key may simply stand before it, and one hash does for what takes HMAC two
 * and gives half as much. A key has 32 bytes, so that none is the beginning of another.
 */
export function createWideMac(key: Uint8Array): WideMac {
  if (key.length !== DIGEST) throw new RangeError(`a key of ${DIGEST} bytes`);
  const short = Buffer.alloc(DIGEST + SHORT);
  short.set(key);
  const made = new Uint8Array(WIDE);
  const bytes = Buffer.from(made.buffer);
  return (text) => {
    // A character takes three bytes of UTF-8 at most.
    if (text.length * 3 > SHORT) throw new RangeError("too long a text");
    const end = DIGEST + short.write(text, DIGEST);
    bytes.write(hash("blake2b512", short.subarray(0, end), "binary"), 0, "latin1");
    return made;
  };
}

function padded(key: Uint8Array, pad: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < BLOCK; at++) bytes[at] = (key[at] ?? 0) ^ pad;
  return bytes;
}
