import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import { fromBase64, isText, toBase64 } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { sha256 } from "../hash.ts";

/**
 * Signature types of C2SP signed-note that are verified here. Others (0x02 ECDSA, 0x06 ML-DSA-44, what comes
 * later) are read and passed over, so that a note may carry them beside ours.
 */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE];

const KEY_SIZE = 32;
const LONGEST_NAME = 255;
/** An ML-DSA-44 key has 1,312 bytes. */
const LONGEST_KEY = 4_096;

/** Whose signatures are looked for; `key` is absent where the type is one that cannot be verified here. */
export type VerifierKey = {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly key: KeyObject | undefined;
};

export type SignerKey = {
  readonly name: string;
  readonly id: string;
  readonly type: SignatureType;
  readonly seed: Uint8Array;
  readonly key: KeyObject;
  readonly verifier: VerifierKey;
};

/** Key names hold no Unicode space and no plus (C2SP signed-note, "Format"); nor a control character. */
export function isKeyName(name: unknown): name is string {
  return isText(name) && name.length > 0 && name.length <= LONGEST_NAME && !/[\s\p{Z}\p{Cc}+]/u.test(name);
}

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4] */
function keyId(name: string, type: number, publicKey: Uint8Array): string {
  const input = Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Buffer.of(type), publicKey]);
  return Buffer.from(sha256(input)).toString("hex", 0, 4);
}

/** `<name>+<key id>+<base64 of type ‖ public key>`; undefined for anything else. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{4,8192})$/.exec(text);
  const [, name, id, material] = parts ?? [];
  const bytes = material === undefined ? undefined : fromBase64(material);
  const type = bytes?.[0];
  if (!isKeyName(name) || id === undefined || bytes === undefined || type === undefined) return undefined;
  if (bytes.length < 2 || bytes.length > LONGEST_KEY) return undefined;
  const publicKey = bytes.subarray(1);
  // How other types make their ids is theirs to say: ECDSA's are made another way.
  if (!isVerifiable(type)) return { name, id, type, bytes: publicKey, key: undefined };
  if (publicKey.length !== KEY_SIZE || keyId(name, type, publicKey) !== id) return undefined;
  return verifierKey(name, type, publicKey);
}

export function formatVerifierKey({ name, id, type, bytes }: VerifierKey): string {
  return `${name}+${id}+${toBase64(Buffer.concat([Buffer.of(type), bytes]))}`;
}

/** `PRIVATE+KEY+<name>+<key id>+<base64 of type ‖ seed>`; undefined for anything else. */
export function parseSignerKey(text: string): SignerKey | undefined {
  const parts = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text);
  const [, name, id, material] = parts ?? [];
  const bytes = material === undefined ? undefined : fromBase64(material);
  const type = bytes?.[0];
  if (!isKeyName(name) || type === undefined || !isVerifiable(type) || bytes?.length !== 1 + KEY_SIZE)
    return undefined;
  const signer = signerKey(name, type, bytes.subarray(1));
  return signer.id === id ? signer : undefined;
}

export function formatSignerKey({ name, id, type, seed }: SignerKey): string {
  return `PRIVATE+KEY+${name}+${id}+${toBase64(Buffer.concat([Buffer.of(type), seed]))}`;
}

/** The Ed25519 key of a 32-byte seed (RFC 8032), to sign notes (0x01) or to cosign checkpoints (0x04). */
export function signerKey(
  name: string,
  type: SignatureType,
  seed: Uint8Array = randomBytes(KEY_SIZE),
): SignerKey {
  if (!isKeyName(name)) throw new MerkleError("bad-key", "a key's name has no space, control or plus in it");
  if (seed.length !== KEY_SIZE) throw new MerkleError("bad-key", `a key's seed has ${KEY_SIZE} bytes`);
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-KEY_SIZE);
  const verifier = verifierKey(name, type, new Uint8Array(publicKey));
  return { name, id: verifier.id, type, seed: new Uint8Array(seed), key, verifier };
}

function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  return { name, id: keyId(name, type, publicKey), type, bytes: publicKey, key };
}

function isVerifiable(type: number): type is SignatureType {
  return type === SIGNATURE_TYPE.ed25519 || type === SIGNATURE_TYPE.cosignature;
}
