import type { Loss } from "@suar/contract";
import type { NormalizedBatch } from "./read-drafts.ts";

/** So many losses are kept word by word; the rest are counted. */
export const MOST_LOSSES = 1_000;

/** What of an input could not be carried. Memory stays at the first so many, however much is lost. */
export class LossTally {
  readonly told: Loss[] = [];
  #inAll = 0;

  get inAll(): number {
    return this.#inAll;
  }

  add({ losses, untold }: Pick<NormalizedBatch, "losses" | "untold">): void {
    this.#inAll += losses.length + untold;
    this.told.push(...losses.slice(0, MOST_LOSSES - this.told.length));
  }
}
