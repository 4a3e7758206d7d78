import { createHmac, type KeyObject } from "node:crypto";
import { leafHash } from "@suar/merkle";

/**
 * The log leaf of an entry: a keyed commitment to what was released to whom. Without the realm's key it
 * tells nothing. Fields that can be opened one by one take this place when receipts come.
 */
export function entryLeaf(
  key: KeyObject,
  entry: {
    kind: string;
    producer: number;
    stixId: string;
    hash: Buffer;
    audienceId: number;
    renditionId: number;
  },
): Buffer {
  const { kind, producer, stixId, hash, audienceId, renditionId } = entry;
  const commitment = createHmac("sha256", key)
    .update(`${kind} ${producer} ${stixId} ${audienceId} ${renditionId} ${hash.toString("base64")}`)
    .digest();
  return Buffer.from(leafHash(commitment));
}
