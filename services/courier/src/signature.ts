import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Secrets } from "@suar/runtime";

/** A webhook's secret at rest: sealed, and with an end while a newer one takes over. */
export type StoredSecret = { sealed: string; endsAt: string | null };

const PREFIX = "whsec_";
const PURPOSE = "webhook-secret";
const OVERLAP_MS = 24 * 3600 * 1000;

/** A new secret as its owner sees it, once. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(32).toString("base64")}`;
}

export function storeSecret(secrets: Secrets, secret: string): StoredSecret {
  return { sealed: secrets.seal(PURPOSE, secret), endsAt: null };
}

/** The secrets after a rotation: the newest signs, and so does the one before for 24 hours. */
export function rotated(stored: readonly StoredSecret[], next: StoredSecret, now: Date): StoredSecret[] {
  const newest = stored.find(({ endsAt }) => endsAt === null);
  const before =
    newest === undefined ? [] : [{ ...newest, endsAt: new Date(now.getTime() + OVERLAP_MS).toISOString() }];
  return [next, ...before];
}

/** The keys that sign at a time, the newest first. */
export function liveKeys(secrets: Secrets, stored: readonly StoredSecret[], now: Date): KeyObject[] {
  return stored
    .filter(({ endsAt }) => endsAt === null || Date.parse(endsAt) > now.getTime())
    .map(({ sealed }) => keyOf(secrets.open(PURPOSE, sealed)));
}

/** The key that a secret is written for; made once, since making it costs more than a signature. */
export function keyOf(secret: string): KeyObject {
  return createSecretKey(secret.slice(PREFIX.length), "base64");
}

/** The headers of a post, after Standard Webhooks: one `v1` signature for each live key, separated by spaces. */
export function signedHeaders(message: {
  id: string;
  at: Date;
  body: string;
  keys: readonly KeyObject[];
}): Record<string, string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const content = `${message.id}.${timestamp}.${message.body}`;
  const signatures = message.keys.map(
    (key) => `v1,${createHmac("sha256", key).update(content).digest("base64")}`,
  );
  return {
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Suar-Webhooks/1",
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
