import { setImmediate as turn } from "node:timers/promises";

const SLICE_MS = 1;

/**
 * Cuts long work on many things into slices of a millisecond: between them the process answers its sockets.
 * Otherwise each answer of the database would wait for a whole batch of somebody else's work, and what holds a
 * lock would hold it that much longer.
 */
export class Slices {
  #until = performance.now() + SLICE_MS;

  /** True when others have waited long enough: `await next()`. Cheap enough to ask for each thing. */
  get over(): boolean {
    return performance.now() > this.#until;
  }

  /** Goes on when the others have had their turn. */
  async next(): Promise<void> {
    await turn();
    this.#until = performance.now() + SLICE_MS;
  }
}
