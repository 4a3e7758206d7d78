import { SIGNATURE_TYPE, type SignerKey, signerKey } from "@suar/merkle";
import type { Realm, Secrets } from "@suar/runtime";

/**
 * The key that signs a realm's checkpoints in one epoch. It derives from the platform's secret, and lies nowhere. A
 * restored log goes on in another epoch, and so with another key.
 */
export function logKey(secrets: Secrets, realm: Realm, epoch: string, origin: string): SignerKey {
  const seed = new Uint8Array(secrets.key(realm.purpose(`log-key:${epoch}`)).export());
  return signerKey(origin, SIGNATURE_TYPE.ed25519, seed);
}

/**
 * What a log is called in its checkpoints: `<public name>/<realm>-<epoch>`. It is chosen when the epoch begins, and
 * stands in the log from then on, whatever the platform's address becomes.
 */
export function originOf(publicName: string, realm: string, epoch: string): string {
  return `${publicName}/${realm}-${epoch}`;
}

/** The platform's public name: the host at which clients reach it. */
export function publicNameOf(publicUrl: string | undefined): string {
  return publicUrl === undefined ? "suar" : new URL(publicUrl).host;
}
