import { toBase64 } from "../base64.ts";
import { nodeHash, sameHash } from "../hash.ts";
import { inclusionRanges, type Range } from "../tree/range.ts";
import type { VerifiedReceipt } from "./verify-receipt.ts";

/**
 * What receipts tell of one tree, whose nodes over a power of two of leaves never change once they are there: two
 * receipts that show another hash for the same node, or another root for the same size, are of two histories.
 * It finds a fork wherever the proofs of receipts overlap; a consistency proof or tiles find any.
 */
export class History {
  readonly #hashes = new Map<string, string>();

  /** False where this receipt, which was verified, is of another history than those before it. */
  add({ leaf, proof, checkpoint }: VerifiedReceipt): boolean {
    const { size, root } = checkpoint;
    let isOne = this.#agrees(`root ${size}`, root);
    let range: Range = { start: proof.index, end: proof.index + 1 };
    let hash = leaf;
    isOne = this.#agreesOn(range, hash) && isOne;
    for (const [at, sibling] of inclusionRanges(size, proof.index).entries()) {
      const beside = proof.hashes[at];
      if (beside === undefined) break;
      isOne = this.#agreesOn(sibling, beside) && isOne;
      const isLeft = sibling.start < range.start;
      hash = isLeft ? nodeHash(beside, hash) : nodeHash(hash, beside);
      range = { start: Math.min(sibling.start, range.start), end: Math.max(sibling.end, range.end) };
      isOne = this.#agreesOn(range, hash) && isOne;
    }
    return isOne && sameHash(hash, root);
  }

  #agreesOn({ start, end }: Range, hash: Uint8Array): boolean {
    const isWhole = Number.isInteger(Math.log2(end - start));
    return !isWhole || this.#agrees(`${start}-${end}`, hash);
  }

  #agrees(place: string, hash: Uint8Array): boolean {
    const text = toBase64(hash);
    const known = this.#hashes.get(place);
    if (known === undefined) this.#hashes.set(place, text);
    return known === undefined || known === text;
  }
}
