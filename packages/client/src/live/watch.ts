import { setTimeout as sleep } from "node:timers/promises";
import { type After, type Filter, type Item, parseCursor, type ServerMessage } from "@suar/contract";
import { ResetError, type SuarError } from "../error.ts";
import { type Backoff, backoffMs } from "../retry.ts";
import { type Ended, LiveConnection, type LiveTarget } from "./connection.ts";
import { finalError, type LastWords } from "./ending.ts";

export type WatchState = "connecting" | "live" | "caught-up" | "waiting";

export type WatchOptions = {
  /** `0`, `latest` or a cursor; `latest` when absent. */
  after?: After | undefined;
  filter?: Filter | undefined;
  /** Told, in order with the items, that everything up to here was seen. */
  onPosition?: ((cursor: string) => void) | undefined;
  /** Decides where to go on after a reset; without it a ResetError is thrown. */
  onReset?: ((reset: { reason: string; oldest: string | undefined }) => After | Promise<After>) | undefined;
  onState?: ((state: WatchState, why?: SuarError | Ended) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Tries before the first connection stands; once it stood, it is tried for ever. 4 when absent. */
  firstTries?: number | undefined;
  heartbeatMs?: number | undefined;
  backoff?: Backoff | undefined;
};

const HEARTBEAT_MS = 15_000;
const BACKOFF: Backoff = { baseMs: 250, longestMs: 30_000 };
const LONGEST_ASKED_MS = 60_000;

/** Where a watcher stands: what it asks for on the next connection, and the last seq it handed out. */
type Place = {
  after: After;
  lastSeq: number;
  failures: number;
  stood: boolean;
  waitMs: number;
  lastWords: LastWords | undefined;
};

/**
 * The live log as one endless sequence. Connections come and go below it: after a drop it goes on from the
 * last cursor it heard (of its subscription, an event or a position), and since a server may repeat, an item whose seq is not
 * above the last one is dropped. No seq is handed out twice, none out of order.
 */
export async function* watch(
  target: LiveTarget,
  options: WatchOptions = {},
): AsyncGenerator<Item, void, undefined> {
  const { signal, onState } = options;
  const place = placeAt(options.after ?? "latest");
  while (signal?.aborted !== true) {
    onState?.("connecting");
    const subscription = { after: place.after, filter: options.filter ?? {} };
    const connection = new LiveConnection(target, subscription, options.heartbeatMs ?? HEARTBEAT_MS);
    const stop = () => connection.close();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const ended = yield* readConnection(connection, place, options);
      if (signal?.aborted) return;
      await afterwards(ended, place, options);
    } finally {
      signal?.removeEventListener("abort", stop);
      connection.close();
    }
  }
}

function placeAt(after: After): Place {
  const seq = typeof after === "string" ? parseCursor(after)?.seq : undefined;
  return { after, lastSeq: seq ?? 0, failures: 0, stood: false, waitMs: 0, lastWords: undefined };
}

async function* readConnection(
  connection: LiveConnection,
  place: Place,
  options: WatchOptions,
): AsyncGenerator<Item, Ended | ResetError, undefined> {
  for (;;) {
    const message = await connection.next();
    if (message.op === "closed" || message.op === "failed") return message;
    if (message.op === "reset") return new ResetError(message.reason, message.oldest);
    if (message.op === "event") {
      const { op: _op, ...item } = message;
      if (item.seq <= place.lastSeq) continue;
      Object.assign(place, { after: item.cursor, lastSeq: item.seq, failures: 0 });
      yield item;
    } else note(message, place, options);
  }
}

/** Everything the server says that is not an item. */
function note(
  message: Exclude<ServerMessage, { op: "event" | "reset" }>,
  place: Place,
  options: WatchOptions,
): void {
  switch (message.op) {
    case "subscribed":
      place.stood = true;
      // `latest` is a place from now on: whoever drops before the first item comes back to it.
      place.after = message.cursor;
      options.onPosition?.(message.cursor);
      options.onState?.("live");
      break;
    case "position":
    case "caught-up":
      place.after = message.cursor;
      place.failures = 0;
      options.onPosition?.(message.cursor);
      if (message.op === "caught-up") options.onState?.("caught-up");
      break;
    case "bye":
      place.waitMs = Math.min(message.afterMs, LONGEST_ASKED_MS);
      // Only where nothing was heard yet: what we were handed is the surer cursor.
      if (message.resume !== null && parseCursor(String(place.after)) === undefined)
        place.after = message.resume;
      break;
    case "error":
      place.lastWords = { code: message.code, detail: message.detail };
      break;
    case "pong":
      break;
  }
}

/** Throws when coming back is wrong, else waits until it is time. */
async function afterwards(ended: Ended | ResetError, place: Place, options: WatchOptions): Promise<void> {
  const error = ended instanceof ResetError ? ended : finalError(ended, place.lastWords);
  if (error instanceof ResetError && options.onReset !== undefined) {
    const after = await options.onReset({ reason: error.reason, oldest: error.oldest });
    // Another epoch counts from the beginning.
    Object.assign(place, { ...placeAt(after), stood: place.stood, failures: place.failures + 1 });
  } else if (error !== undefined) throw error;
  else {
    place.failures++;
    const gaveUp = !place.stood && place.failures > (options.firstTries ?? 4);
    if (gaveUp && !(ended instanceof ResetError) && ended.op === "failed") throw ended.error;
  }
  options.onState?.("waiting", ended);
  const wait = place.waitMs + backoffMs(place.failures - 1, options.backoff ?? BACKOFF);
  Object.assign(place, { waitMs: 0, lastWords: undefined });
  const { signal } = options;
  await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    if (signal?.aborted !== true) throw cause;
  });
}
