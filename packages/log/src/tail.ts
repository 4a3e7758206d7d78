import {
  channels,
  type Directory,
  type Logger,
  metrics,
  type Realm,
  type Signals,
  startLoop,
} from "@suar/runtime";
import type { Entry, Head } from "./entry.ts";
import { tailNames } from "./names.ts";
import { type Page, type PageRequest, readPage } from "./read-page.ts";
import { createRing, type Ring } from "./ring.ts";
import { selectEntries, selectTailHead } from "./store.ts";

/**
 * The shared tail of a realm's log: reads each new entry that anybody wants once for the whole process (never a query per
 * reader) into the ring, and tells whoever listens. Every entry that leaves it passes `visibleTo` at the
 * reader's side. What the ring no longer holds is read from the log by `page`.
 */
export type Tail = {
  readonly ring: Ring;
  readonly head: Head;
  /**
   * Called after the head moved, with the entries that were pushed, or when the epoch changed. `wants` says whether whoever
   * listens has readers at present: while nobody has, entries are counted and not read, and the ring is empty.
   */
  onMove(moved: (entries: readonly Entry[]) => void, wants: () => boolean): () => void;
  /** The one reading function over the tail's role, for those who fell out of the ring. */
  page(request: PageRequest): Promise<Page>;
  /** When its last user has stopped it, it reads no more: pages under way are waited for. */
  stop(): Promise<void>;
};

const PAGE = 500;
const ASK_EVERY_MS = 1_000;
const RING = { bytes: 32 * 1024 * 1024, entries: 50_000 };

const shared = new WeakMap<Realm, { tail: Promise<Tail>; users: number }>();

/** The realm's tail in this process: started by the first who asks, ended when the last one stops it. */
export async function shareTail(
  realm: Realm,
  directory: Directory,
  signals: Signals,
  log: Logger,
): Promise<Tail> {
  const held = shared.get(realm) ?? { tail: startTail(realm, directory, signals, log), users: 0 };
  shared.set(realm, held);
  held.users += 1;
  let tail: Tail;
  try {
    tail = await held.tail;
  } catch (error) {
    if (shared.get(realm) === held) shared.delete(realm);
    throw error;
  }
  const stop = async (): Promise<void> => {
    held.users -= 1;
    if (held.users > 0) return;
    shared.delete(realm);
    await tail.stop();
  };
  return Object.create(tail, { stop: { value: stop } }) as Tail;
}

async function startTail(realm: Realm, directory: Directory, signals: Signals, log: Logger): Promise<Tail> {
  const names = tailNames(directory);
  const ring = createRing(RING);
  const listeners: Listeners = new Map();
  let { closings, ...head } = await selectTailHead(realm.tail);
  ring.reset(head.seq);

  const tell = (entries: readonly Entry[]): void => {
    metrics.logHead.labels(realm.name).set(ring.head);
    for (const moved of listeners.keys()) moved(entries);
  };

  // A hint tells how far the log has come; now and then the head itself is asked, since hints may be lost.
  let hinted = 0;
  let askedAt = Date.now();
  const headNow = async (): Promise<Head> => {
    if (hinted > ring.head && Date.now() - askedAt < ASK_EVERY_MS) return { epoch: head.epoch, seq: hinted };
    askedAt = Date.now();
    const { closings: closed, ...asked } = await selectTailHead(realm.tail);
    // What is held may be closed by now to some, and no entry says so yet: who is behind reads it from the log.
    if (closed !== closings) ring.reset(ring.head);
    closings = closed;
    return asked;
  };
  const step = async (): Promise<boolean> => {
    const now = await headNow();
    const isRestored = now.epoch !== head.epoch || now.seq < head.seq;
    if (!isRestored && now.seq === ring.head) return false;
    if (isRestored || !isWanted(listeners)) {
      // Restored from a backup, readers are told by `reset`, never by a silent gap. Who comes where nobody was reads the log.
      if (isRestored) hinted = 0;
      head = now;
      ring.reset(now.seq);
      tell([]);
      return false;
    }
    const entries = await selectEntries(realm.tail, names, ring.head, Math.min(now.seq, ring.head + PAGE));
    if (entries.length === 0) return false;
    ring.push(entries);
    head = { epoch: now.epoch, seq: ring.head };
    tell(entries);
    return ring.head < now.seq;
  };
  const loop = startLoop({ name: `tail:${realm.name}`, log, step, busyMs: 25, idleMs: 250 });
  const unlisten = signals.listen(channels.log(realm.name), (text) => {
    hinted = Number(text) || 0;
    loop.wake();
  });
  const reading = new Set<Promise<Page>>();
  return {
    ring,
    get head() {
      return head;
    },
    onMove: (moved, wants) => {
      listeners.set(moved, wants);
      return () => listeners.delete(moved);
    },
    page: (request) => {
      const page = readPage(realm.tail, names, request).finally(() => reading.delete(page));
      reading.add(page);
      return page;
    },
    stop: async () => {
      unlisten();
      await loop.stop();
      await Promise.allSettled(reading);
    },
  };
}

/** What each listener is called with, and whether it has readers. */
type Listeners = Map<(entries: readonly Entry[]) => void, () => boolean>;

function isWanted(listeners: Listeners): boolean {
  return [...listeners.values()].some((wants) => wants());
}
