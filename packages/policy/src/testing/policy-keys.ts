import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { PolicyKey } from "../pairs/sign-policy.ts";

/** A key by which somebody signs policies: the public half is written as rows and routes have it. */
export type PolicyKeys = { privateKey: KeyObject; key: PolicyKey };

export function newPolicyKeys(): PolicyKeys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  return { privateKey, key: Buffer.from(x, "base64url").toString("base64") };
}
