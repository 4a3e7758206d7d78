import { leafHash } from "@suar/merkle";

/** The leaf of the entry for nobody with which a restored log begins: it commits to what had been signed before. */
export function restorationLeaf(checkpoint: string): Uint8Array {
  return leafHash(Buffer.from(`suar restored\n${checkpoint}`));
}
