import type { DeliveryChannel } from "@suar/contract";
import { BLOCK, noteTime, type TimesOfBlock, timesOfBlock } from "./delivery-times.ts";

/** What was handed over in one block of the log, to one organisation, by one channel, and is not written yet. */
export type PendingBlock = {
  block: number;
  organisationId: number;
  channel: DeliveryChannel;
  times: TimesOfBlock;
};

/** At 4 KiB each: what is noted while the database is away for long is not kept for ever. */
const MOST_PENDING = 2_048;

/**
 * What was handed to whom by which channel, in memory until it is written. Noting is a few array accesses, for it
 * stands in the fan-out's way. Bounded: when all is full, what comes is not noted, since a receipt may tell too little
 * and never too much.
 */
export class DeliveryNotes {
  #pending = new Map<string, PendingBlock>();
  /** Goes up when the pending blocks are taken: whoever holds one looks for it again. */
  #generation = 0;
  #lost = 0;

  /** For one who is handed much: remembers the block that it stands in. `at` is in milliseconds. */
  writer(organisationId: number, channel: DeliveryChannel): (seq: number, at: number) => void {
    let held: TimesOfBlock | undefined;
    let heldBlock = -1;
    let generation = -1;
    return (seq, at) => {
      const block = Math.floor(seq / BLOCK);
      if (block !== heldBlock || generation !== this.#generation) {
        held = this.#times(block, organisationId, channel);
        heldBlock = held === undefined ? -1 : block;
        generation = this.#generation;
      }
      if (held !== undefined) noteTime(held, seq, at);
    };
  }

  note(organisationId: number, channel: DeliveryChannel, seqs: Iterable<number>): void {
    const write = this.writer(organisationId, channel);
    const at = Date.now();
    for (const seq of seqs) write(seq, at);
  }

  /** Takes out what is to be written, in the order in which rows are locked. */
  take(): PendingBlock[] {
    const taken = [...this.#pending.values()];
    this.#pending = new Map();
    this.#generation += 1;
    return taken.sort(
      (a, b) =>
        a.block - b.block ||
        a.organisationId - b.organisationId ||
        (a.channel < b.channel ? -1 : a.channel > b.channel ? 1 : 0),
    );
  }

  /** What could not be written, beside what was noted since. */
  giveBack(blocks: readonly PendingBlock[]): void {
    for (const { block, organisationId, channel, times } of blocks) {
      const held = this.#times(block, organisationId, channel);
      if (held === undefined) continue;
      for (let place = 0; place < BLOCK; place++) {
        const [first = 0, last = 0] = [times[2 * place], times[2 * place + 1]];
        if (first === 0) continue;
        noteTime(held, place, first * 1_000);
        noteTime(held, place, last * 1_000);
      }
    }
  }

  /** Blocks that were not noted since this was asked last. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  #times(block: number, organisationId: number, channel: DeliveryChannel): TimesOfBlock | undefined {
    const key = `${block} ${organisationId} ${channel}`;
    const known = this.#pending.get(key);
    if (known !== undefined) return known.times;
    if (this.#pending.size >= MOST_PENDING) {
      this.#lost += 1;
      return undefined;
    }
    const times = timesOfBlock();
    this.#pending.set(key, { block, organisationId, channel, times });
    return times;
  }
}
