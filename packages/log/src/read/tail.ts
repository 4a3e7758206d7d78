import type { Filter } from "@suar/contract";
import {
  CLOSED,
  channels,
  type Directory,
  metrics,
  type Platform,
  type Realm,
  startLoop,
} from "@suar/runtime";
import { type Names, selectEntries, selectHead } from "../store/entries.ts";
import { Watched } from "../watch/watched.ts";
import { Closings, CURRENT_MS } from "./closings.ts";
import type { Entry, Head } from "./entry.ts";
import type { Matcher } from "./match.ts";
import { tailNames } from "./names.ts";
import { type Page, type PageRequest, readPage } from "./read-page.ts";
import { createRing, type Ring } from "./ring.ts";
import { withNamed } from "./with-named.ts";

/**
 * The shared tail of a realm's log: reads each new entry that anybody wants once for the whole process (never a query per
 * reader) into the ring, and tells whoever listens. Every entry that leaves it passes `visibleTo` at the
 * reader's side. What the ring no longer holds is read from the log by `page`.
 */
export type Tail = {
  readonly ring: Ring;
  readonly head: Head;
  /**
   * Whether what was closed is known as of a moment ago. Where it is not, nothing that lies in memory may be sent, the
   * ring's entries neither: `onMove` tells when it is again.
   */
  isCurrent(): boolean;
  /**
   * Called after the head moved, with the entries that were pushed, when the epoch changed, and when the tail is current
   * again. `wants` says whether whoever listens has readers at present: while nobody has, entries are counted and not read,
   * and the ring is empty.
   */
  onMove(moved: (entries: readonly Entry[]) => void, wants: () => boolean): () => void;
  /**
   * The one reading function over the tail's role, for those who fell out of the ring. What is closed while a page is
   * read is not on it.
   */
  page(request: PageRequest): Promise<Page>;
  /** One organisation's filter; what it watches is known as of a second or two ago, and what has passed stays passed. */
  filterFor(filter: Filter, organisationId: number): Promise<Matcher>;
  /** When its last user has stopped it, it reads no more: pages under way are waited for. */
  stop(): Promise<void>;
};

const PAGE = 500;
const ASK_EVERY_MS = 1_000;
/** Where no hint tells of it, what was closed is found within both together. */
const LOOK_EVERY_MS = 200;
const LOOK_APART_MS = 100;
/** After so long without a look what is held is let go, rather than looked through for all that was closed meanwhile. */
const LONGEST_UNSEEN_MS = 30 * 60_000;
const RING = { bytes: 32 * 1024 * 1024, entries: 50_000 };

const shared = new WeakMap<Realm, { tail: Promise<Tail>; users: number }>();

/** What the tail needs of its process. */
type TailPlatform = Pick<Platform, "directory" | "signals" | "log" | "secrets">;

/** The realm's tail in this process: started by the first who asks, ended when the last one stops it. */
export async function shareTail(realm: Realm, platform: TailPlatform): Promise<Tail> {
  const held = shared.get(realm) ?? { tail: startTail(realm, platform), users: 0 };
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

async function startTail(realm: Realm, { directory, signals, log, secrets }: TailPlatform): Promise<Tail> {
  const watched = new Watched(realm.tail, { realm, secrets }, (error, organisationId) =>
    log.error({ err: error, organisationId }, "what an organisation watches cannot be read"),
  );
  const tail = new LogTail(realm, directory);
  await tail.begin();
  const step = async (): Promise<boolean> => await tail.step();
  const loop = startLoop({ name: `tail:${realm.name}`, log, step, busyMs: 25, idleMs: LOOK_EVERY_MS });
  const watching = startLoop({
    name: `watched:${realm.name}`,
    log,
    step: async () => {
      await watched.look();
      return false;
    },
    busyMs: ASK_EVERY_MS,
    idleMs: ASK_EVERY_MS,
  });
  const unlisten = [
    signals.listen(channels.log(realm.name), (text) => {
      tail.hint(Number(text) || 0);
      loop.wake();
    }),
    signals.listen(channels.release(realm.name), (text) => {
      if (text !== CLOSED) return;
      tail.hintClosed();
      loop.wake();
    }),
  ];
  return {
    ring: tail.ring,
    get head() {
      return tail.head;
    },
    isCurrent: () => tail.isCurrent,
    onMove: (moved, wants) => tail.onMove(moved, wants),
    page: async (request) => await tail.page(request),
    filterFor: async (filter, organisationId) => await watched.filterFor(filter, organisationId),
    stop: async () => {
      for (const end of unlisten) end();
      await watching.stop();
      await loop.stop();
      await tail.settled();
    },
  };
}

class LogTail {
  readonly ring = createRing(RING);
  readonly #realm: Realm;
  readonly #names: Names;
  readonly #closings: Closings;
  /** What each is called with, and whether it has readers. */
  readonly #listeners = new Map<(entries: readonly Entry[]) => void, () => boolean>();
  readonly #reading = new Set<Promise<Page>>();
  #head: Head = { epoch: "", seq: 0 };
  // A hint tells how far the log has come; now and then the head itself is asked, since hints may be lost.
  #hinted = 0;
  #askedAt = Date.now();
  #mayBeClosed = false;

  constructor(realm: Realm, directory: Directory) {
    this.#realm = realm;
    this.#names = tailNames(directory);
    this.#closings = new Closings(realm.tail);
  }

  get head(): Head {
    return this.#head;
  }

  async begin(): Promise<void> {
    await this.#closings.look();
    this.#head = await selectHead(this.#realm.tail);
    this.ring.reset(this.#head.seq);
  }

  hint(seq: number): void {
    this.#hinted = seq;
  }

  hintClosed(): void {
    this.#mayBeClosed = true;
  }

  get isCurrent(): boolean {
    return this.#closings.isCurrent;
  }

  onMove(moved: (entries: readonly Entry[]) => void, wants: () => boolean): () => void {
    this.#listeners.set(moved, wants);
    return () => this.#listeners.delete(moved);
  }

  async page(request: PageRequest): Promise<Page> {
    const read = async (): Promise<Page> => await readPage(this.#realm.tail, this.#names, request);
    const page = readUnclosed(this.#closings, read).finally(() => this.#reading.delete(page));
    this.#reading.add(page);
    return await page;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#reading);
  }

  async step(): Promise<boolean> {
    // Who comes during a step where nobody was reads the log, until the next.
    const isWanted = this.#isWanted;
    if (!isWanted) this.ring.reset(this.ring.head);
    if (!isWanted && this.#isIdle) return false;
    const now = await this.#headNow();
    // After the head is known: what new entries tell of was closed before they were written.
    await this.#lookIfDue(now, isWanted);
    const isRestored = now.epoch !== this.#head.epoch || now.seq < this.#head.seq;
    if (!isRestored && now.seq === this.ring.head) return false;
    if (isRestored || !isWanted) {
      // Restored from a backup, readers are told by `reset`, never by a silent gap.
      if (isRestored) this.#hinted = 0;
      this.#head = now;
      this.ring.reset(now.seq);
      this.#tell([]);
      return false;
    }
    return await this.#readOn(now);
  }

  async #headNow(): Promise<Head> {
    if (this.#hinted > this.ring.head && Date.now() - this.#askedAt < ASK_EVERY_MS)
      return { epoch: this.#head.epoch, seq: this.#hinted };
    this.#askedAt = Date.now();
    return await selectHead(this.#realm.tail);
  }

  /** Nobody has asked for a page, and no hint tells of a longer log: there is nothing to be asked more than once a second. */
  get #isIdle(): boolean {
    const isAhead = this.#hinted > this.ring.head;
    return this.#reading.size === 0 && !isAhead && Date.now() - this.#askedAt < ASK_EVERY_MS;
  }

  /** What was closed by now leaves the ring; where nobody reads, that is empty, and it is looked now and then. */
  async #lookIfDue(now: Head, isWanted: boolean): Promise<void> {
    const isRead = isWanted || this.#reading.size > 0;
    const isDue = isRead && (this.#mayBeClosed || now.seq !== this.ring.head);
    if (!isDue && this.#closings.age < (isRead ? LOOK_APART_MS : ASK_EVERY_MS)) return;
    this.#mayBeClosed = false;
    const lookedAt = performance.now() - this.#closings.age;
    this.ring.close(await this.#closings.look());
    const unseen = performance.now() - lookedAt;
    if (unseen > LONGEST_UNSEEN_MS) this.ring.reset(this.ring.head);
    // Who asked meanwhile may have found it not current, also where the look itself took so long.
    if (unseen >= CURRENT_MS) this.#tell([]);
  }

  async #readOn(now: Head): Promise<boolean> {
    const from = this.ring.head;
    const upTo = Math.min(now.seq, from + PAGE);
    const read = await selectEntries(this.#realm.tail, this.#names, from, upTo);
    if (read.length === 0) return false;
    const entries = await withNamed(this.#realm.tail, this.#names, read);
    this.ring.push(entries);
    this.#head = { epoch: now.epoch, seq: this.ring.head };
    this.#tell(entries);
    return this.ring.head < now.seq;
  }

  get #isWanted(): boolean {
    return [...this.#listeners.values()].some((wants) => wants());
  }

  #tell(entries: readonly Entry[]): void {
    metrics.logHead.labels(this.#realm.name).set(this.ring.head);
    for (const moved of this.#listeners.keys()) moved(entries);
  }
}

/** Of what was closed while a page was read, it may still say what was closed: it is read again. */
async function readUnclosed(closings: Closings, read: () => Promise<Page>): Promise<Page> {
  for (;;) {
    const { mark } = closings;
    const page = await read();
    if (!page.entries.some(({ renditionId }) => closings.isClosedSince(mark, renditionId))) return page;
  }
}
