import type { SuarClient } from "@suar/client";
import { type After, type Filter, type Item, parseCursor } from "@suar/contract";
import { until } from "../support/api.ts";

/** An item, and when it arrived (milliseconds since the epoch). */
export type Arrival = { item: Item; at: number };

/** Somebody who watches the live log by WebSocket, and notes what comes and when. */
export type Reader = {
  name: string;
  arrivals: readonly Arrival[];
  /** Everything up to this seq has passed this reader, whether it was for it or not. */
  position(): number;
  waitFor(what: string, found: (arrivals: readonly Arrival[]) => boolean): Promise<void>;
  /** Waits until the log has passed this reader up to `seq`: what did not come by then never will. */
  waitUntilPassed(seq: number): Promise<void>;
  stop(): Promise<void>;
};

const PATIENCE_MS = 20_000;

export async function startReader(
  name: string,
  suar: SuarClient,
  options: { after?: After; filter?: Filter } = {},
): Promise<Reader> {
  const arrivals: Arrival[] = [];
  const stopping = new AbortController();
  let position = 0;
  let ready = false;
  let failure: unknown;
  const move = (cursor: string): void => {
    position = Math.max(position, parseCursor(cursor)?.seq ?? 0);
  };
  const watching = (async () => {
    const live = suar.watch({
      after: options.after ?? "latest",
      filter: options.filter,
      signal: stopping.signal,
      onPosition: move,
      onState: (state) => {
        ready ||= state === "caught-up";
      },
    });
    for await (const item of live) {
      arrivals.push({ item, at: Date.now() });
      move(item.cursor);
    }
  })().catch((error: unknown) => {
    failure = error;
  });
  const waitFor = async (what: string, found: () => boolean): Promise<void> => {
    await until(PATIENCE_MS, `${name}: ${what}`, async () => {
      if (failure !== undefined) throw failure;
      return found() ? true : undefined;
    });
  };
  await waitFor("the live log", () => ready);
  return {
    name,
    arrivals,
    position: () => position,
    waitFor: async (what, found) => await waitFor(what, () => found(arrivals)),
    waitUntilPassed: async (seq) => await waitFor(`position ${seq}`, () => position >= seq),
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}
