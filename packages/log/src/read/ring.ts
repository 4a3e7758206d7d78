import type { RenditionState } from "../store/closing.ts";
import type { Entry } from "./entry.ts";

/**
 * The latest part of one realm's log in memory, shared by all streams of a process: each connection is an
 * index into it. Bounded in bytes and entries; the oldest go first, and whoever needs those reads the log.
 */
export type Ring = {
  /** The oldest seq held, or head + 1 when nothing is held. */
  readonly oldest: number;
  readonly head: number;
  get(seq: number): Entry | undefined;
  push(entries: readonly Entry[]): void;
  /** What holds of these renditions by now holds of every entry of them that is held. */
  close(states: ReadonlyMap<number, RenditionState>): void;
  /** Begins anew after `head`. */
  reset(head: number): void;
};

export function createRing(limits: { bytes: number; entries: number }): Ring {
  const held: (Entry | undefined)[] = [];
  // The first held entry's place; the front is cut off now and then, so that pushing stays cheap.
  let start = 0;
  let oldest = 1;
  let bytes = 0;

  const drop = (): void => {
    const entry = held[start];
    held[start] = undefined;
    start += 1;
    oldest += 1;
    bytes -= sizeOf(entry);
    if (start > 1024 && start * 2 > held.length) {
      held.splice(0, start);
      start = 0;
    }
  };
  return {
    get oldest() {
      return oldest;
    },
    get head() {
      return oldest + held.length - start - 1;
    },
    get: (seq) => (seq < oldest ? undefined : held[start + seq - oldest]),
    push: (entries) => {
      for (const entry of entries) {
        held.push(entry);
        bytes += sizeOf(entry);
        while ((bytes > limits.bytes || held.length - start > limits.entries) && held.length - start > 1)
          drop();
      }
    },
    close: (states) => {
      if (states.size === 0) return;
      for (let index = start; index < held.length; index++) {
        const entry = held[index];
        const state = entry && states.get(entry.renditionId);
        if (entry === undefined || state === undefined) continue;
        const { stub, closedTo, endsAt } = state;
        const now = { ...entry, closedTo, endsAt };
        const isStub = entry.isStub || entry.kind !== "withdrawn";
        const shown = stub === undefined ? now : { ...now, kind: "withdrawn", isStub, body: stub };
        held[index] = shown;
        bytes += sizeOf(shown) - sizeOf(entry);
      }
    },
    reset: (head) => {
      held.length = 0;
      start = 0;
      bytes = 0;
      oldest = head + 1;
    },
  };
}

const OVERHEAD = 300;

function sizeOf(entry: Entry | undefined): number {
  return entry === undefined ? 0 : entry.body.length + OVERHEAD;
}
