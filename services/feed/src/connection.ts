import type { Principal } from "@suar/contract";
import { type DeliveryNotes, type Entry, type Matcher, receiptable, type Tail, visibleTo } from "@suar/log";

/** The line of one reader, whichever protocol it speaks. */
export type Line = {
  readonly channel: "websocket" | "sse";
  /** Says how far the log goes and where the reading begins, so that a reader can come back at once. */
  sendSubscribed(head: number, after: number, epoch: string): void;
  /** Writes an entry; false when the line's buffer is full. */
  sendEntry(entry: Entry, epoch: string): boolean;
  /** Says where the reader stands, when nothing of what passed was for it. */
  sendPosition(seq: number, epoch: string): boolean;
  sendCaughtUp(seq: number, epoch: string): boolean;
  sendReset(reason: string, oldest: string): void;
  /** Says goodbye and closes. */
  bye(code: string, retry: boolean, seq: number | undefined, epoch: string): void;
  readonly full: boolean;
};

/**
 * One reader: a place in the log, and nothing queued. It is read to from the shared ring, and from the log
 * itself where it fell behind; a full line stops it, a drained line lets it go on from where it stands.
 */
export class Connection {
  readonly principal: Principal;
  readonly #line: Line;
  readonly #tail: Tail;
  readonly #reader: { organisationId: number };
  readonly #noteDelivered: (seq: number, at: number) => void;
  #matches: Matcher;
  #at: number;
  #epoch: string;
  #told: number;
  #caughtUp = false;
  #reading = false;
  #closed = false;
  #lastMove = Date.now();
  readonly #failed: (error: unknown) => void;

  constructor(options: {
    principal: Principal;
    organisationId: number;
    line: Line;
    tail: Tail;
    matches: Matcher;
    after: number;
    notes: DeliveryNotes;
    failed(error: unknown): void;
  }) {
    this.principal = options.principal;
    this.#reader = { organisationId: options.organisationId };
    this.#line = options.line;
    this.#noteDelivered = options.notes.writer(options.organisationId, options.line.channel);
    this.#tail = options.tail;
    this.#matches = options.matches;
    this.#at = options.after;
    this.#told = options.after;
    this.#epoch = options.tail.head.epoch;
    this.#failed = options.failed;
  }

  get at(): number {
    return this.#at;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Another filter for the same place: a cursor never becomes invalid by it. */
  refilter(matches: Matcher, after: number): void {
    this.#matches = matches;
    this.#at = after;
    this.#told = after;
    this.#caughtUp = false;
    this.advance();
  }

  /** Milliseconds in which a full line did not take anything. */
  stuckFor(now: number): number {
    return this.#line.full ? now - this.#lastMove : 0;
  }

  close(): void {
    this.#closed = true;
  }

  /** Reads on as far as the line takes it. Called when the log moved and when the line drained. */
  advance(): void {
    if (this.#closed || this.#reading) return;
    if (this.#tail.head.epoch !== this.#epoch) {
      this.#closed = true;
      this.#line.sendReset("epoch", `${this.#tail.head.epoch}.0`);
      return;
    }
    // What is in memory may be closed by now, and nobody could say so: the tail tells when it can again.
    if (!this.#tail.isCurrent()) return;
    const ring = this.#tail.ring;
    while (this.#at < ring.head && !this.#line.full) {
      if (this.#at + 1 < ring.oldest) {
        this.#readFromLog();
        return;
      }
      const entry = ring.get(this.#at + 1);
      if (entry === undefined) return;
      this.#pass(entry);
    }
    if (!this.#line.full) this.#sayWhere();
  }

  #pass(entry: Entry): void {
    this.#at = entry.seq;
    this.#lastMove = Date.now();
    if (!visibleTo(entry, this.#reader) || !this.#matches(entry)) return;
    this.#told = entry.seq;
    this.#line.sendEntry(entry, this.#epoch);
    for (const { seq } of receiptable([entry], this.#matches)) this.#noteDelivered(seq, this.#lastMove);
  }

  // Behind the ring: pages of the log, at the reader's own pace.
  #readFromLog(): void {
    this.#reading = true;
    this.#tail
      .page({ after: this.#at, limit: 200, reader: this.#reader, matches: this.#matches })
      .then((page) => {
        this.#reading = false;
        if (this.#closed) return;
        for (const entry of page.entries) this.#pass(entry);
        this.#at = page.next;
        setImmediate(() => this.advance());
      })
      .catch((error: unknown) => {
        this.#reading = false;
        if (this.#closed) return;
        this.#failed(error);
        setTimeout(() => this.advance(), 500).unref();
      });
  }

  #sayWhere(): void {
    if (!this.#caughtUp) {
      this.#caughtUp = true;
      this.#told = this.#at;
      this.#line.sendCaughtUp(this.#at, this.#epoch);
    }
  }

  /** Called now and then: a position, when entries passed that were not for this reader. */
  tellPosition(): void {
    if (this.#closed || this.#line.full || this.#told >= this.#at) return;
    this.#told = this.#at;
    this.#line.sendPosition(this.#at, this.#epoch);
  }
}
