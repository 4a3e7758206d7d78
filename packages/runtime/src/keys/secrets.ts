import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import {
  createKeystream,
  createMac,
  createTag,
  createWideMac,
  type Keystream,
  type Mac,
  type Tag,
  type WideMac,
} from "./mac.ts";

/**
 * The platform's one secret, from which everything else is derived by purpose: no second secret to lose, and
 * what one purpose leaks tells nothing of another.
 */
export type Secrets = {
  /** A stable 32-byte key for a purpose; an object that no log can print. */
  key(purpose: string): KeyObject;
  /** A stable password for a purpose, safe in a URL. */
  password(purpose: string): string;
  hmac(purpose: string, text: string): Buffer;
  /** The same as a function, for texts in bulk. */
  mac(purpose: string): Mac;
  /** The same with 64 bytes, for short texts. */
  wideMac(purpose: string): WideMac;
  /** The same with 16 bytes, in hexadecimal digits, by one hash. */
  tag(purpose: string): Tag;
  /** So many bytes for each text. */
  keystream(purpose: string, size: number): Keystream;
  /** Encrypts small texts at rest (AES-256-GCM); `open` throws when the text was altered. */
  seal(purpose: string, text: string): string;
  open(purpose: string, sealed: string): string;
};

/** Characters that the platform's secret has at least. */
export const SHORTEST_SECRET = 32;

export function createSecrets(secret: string): Secrets {
  if (secret.length < SHORTEST_SECRET)
    throw new Error(`SUAR_SECRET has to have at least ${SHORTEST_SECRET} characters`);
  const keys = new Map<string, KeyObject>();
  const macs = new Map<string, Mac>();
  const key = (purpose: string): KeyObject => {
    const known = keys.get(purpose);
    if (known !== undefined) return known;
    const derived = createSecretKey(new Uint8Array(hkdfSync("sha256", secret, "suar", purpose, 32)));
    keys.set(purpose, derived);
    return derived;
  };
  const mac = (purpose: string): Mac => {
    const known = macs.get(purpose) ?? createMac(key(purpose).export());
    macs.set(purpose, known);
    return known;
  };
  return {
    key,
    password: (purpose) => key(`password:${purpose}`).export().toString("base64url"),
    hmac: (purpose, text) => Buffer.from(mac(purpose)(text), "hex"),
    mac,
    wideMac: (purpose) => createWideMac(new Uint8Array(key(purpose).export())),
    tag: (purpose) => createTag(new Uint8Array(key(purpose).export())),
    keystream: (purpose, size) => createKeystream(new Uint8Array(key(purpose).export()), size),
    seal: (purpose, text) => seal(key(purpose), text),
    open: (purpose, sealed) => open(key(purpose), sealed),
  };
}

/** Compares two digests without telling by time where they differ. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function seal(key: KeyObject, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
}

function open(key: KeyObject, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}
