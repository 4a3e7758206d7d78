import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { Member } from "./jurisdiction.ts";
import { type PairPolicy, policyBytes } from "./pair-policy.ts";

/** An Ed25519 public key (RFC 8032) as its 32 bytes in base64. */
export const PolicyKey = z.base64().length(44);
export type PolicyKey = z.infer<typeof PolicyKey>;

/** A member's word for the canonical bytes of a policy. */
export const PolicySignature = z.strictObject({
  member: Member,
  key: PolicyKey,
  signature: z.base64().length(88),
});
export type PolicySignature = z.infer<typeof PolicySignature>;

/** Keys by which a member speaks now; one that is not among them is nobody's. */
export type KeysOf = (member: Member) => readonly PolicyKey[];

export type SignatureRefusal = {
  code: "signature-missing" | "key-unknown" | "signature-invalid";
  member: Member;
};

/** Those whose word a policy needs: both members; of what goes to the public the exporter alone. */
export function partiesOf({ exporter, importer }: Pick<PairPolicy, "exporter" | "importer">): Member[] {
  return importer === "public" ? [exporter] : [exporter, importer];
}

export function signPolicy(
  policy: PairPolicy,
  member: Member,
  keys: { privateKey: KeyObject; key: PolicyKey },
): PolicySignature {
  const signature = sign(null, policyBytes(policy), keys.privateKey).toString("base64");
  return { member, key: keys.key, signature };
}

/** Why the signatures do not put this policy in force; undefined where they do. A stranger's counts for nothing. */
export function verifyPolicy(
  policy: PairPolicy,
  signatures: readonly PolicySignature[],
  keysOf: KeysOf,
): SignatureRefusal | undefined {
  const bytes = policyBytes(policy);
  for (const member of partiesOf(policy)) {
    const own = signatures.filter((one) => one.member === member);
    if (own.length === 0) return { code: "signature-missing", member };
    const known = own.filter(({ key }) => keysOf(member).includes(key));
    if (known.length === 0) return { code: "key-unknown", member };
    if (!known.some((one) => isGood(bytes, one))) return { code: "signature-invalid", member };
  }
  return undefined;
}

function isGood(bytes: Buffer, { key, signature }: PolicySignature): boolean {
  return verify(null, bytes, publicKeyOf(key), Buffer.from(signature, "base64"));
}

function publicKeyOf(key: PolicyKey): KeyObject {
  const x = Buffer.from(key, "base64").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}
