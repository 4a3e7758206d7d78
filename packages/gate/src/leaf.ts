import { leafHash } from "@suar/merkle";
import type { Mac } from "@suar/runtime";

/**
 * The log leaf of an entry: a keyed commitment to what was released to whom. Without the realm's key it
 * tells nothing. Fields that can be opened one by one take this place when receipts come.
 */
export function entryLeaf(
  mac: Mac,
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
  const said = `${kind} ${producer} ${stixId} ${audienceId} ${renditionId} ${hash.toString("base64")}`;
  return Buffer.from(leafHash(Buffer.from(mac(said), "hex")));
}
