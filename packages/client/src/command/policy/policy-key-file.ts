import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { UsageError } from "../shell/exit-codes.ts";

/** A member's key for signing policies: PKCS #8 in PEM on the member's own machine, and nowhere else. */
export type PolicyKeyPair = {
  privateKey: KeyObject;
  /** The 32 bytes of the public key in base64. */
  publicKey: string;
};

/** Makes a key and writes it where no file is yet, for its owner alone to read. */
export async function makePolicyKey(path: string): Promise<PolicyKeyPair> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  try {
    await writeFile(path, pem, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new UsageError(`${path} cannot be written, or is there already`, { cause });
  }
  return { privateKey, publicKey: publicHalf(privateKey) };
}

export async function readPolicyKey(path: string): Promise<PolicyKeyPair> {
  const pem = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read`, { cause });
  });
  const privateKey = parsePem(pem, path);
  if (privateKey.asymmetricKeyType !== "ed25519") throw new UsageError(`${path} holds no Ed25519 key`);
  return { privateKey, publicKey: publicHalf(privateKey) };
}

function parsePem(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new UsageError(`${path} holds no private key`, { cause });
  }
}

function publicHalf(privateKey: KeyObject): string {
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  if (x === undefined) throw new UsageError("this is no Ed25519 key");
  return Buffer.from(x, "base64url").toString("base64");
}
