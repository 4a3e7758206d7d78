import { createHash } from "node:crypto";
import type { TriedEvent } from "../store/source-event.ts";
import type { FeedEvent } from "./feed-manifest.ts";
import type { EventFault, Tried } from "./feed-troubles.ts";

const MOST_EVENTS = 50;
const [OPEN, COMMA, CLOSE] = ["[", ",", "]"].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

/** Events of a feed that become one submission, and what became of those that do not. */
export class FeedBatch {
  readonly #mostBytes: number;
  readonly #parts: Buffer[] = [];
  readonly #tried: TriedEvent[] = [];
  readonly #outcomes = new Map<string, { fault: EventFault | undefined; isRetry: boolean }>();
  #bytes = 0;
  objects = 0;
  leftOut = 0;
  returned = 0;
  /** Unix seconds of the last event. */
  timestamp = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#mostBytes || this.#tried.length >= MOST_EVENTS;
  }

  get tried(): readonly TriedEvent[] {
    return this.#tried;
  }

  /** Why some were left, and that the others were not. */
  get outcomes(): Tried {
    return this.#outcomes;
  }

  /** MISP's list of events; undefined where none is to be submitted. */
  get content(): readonly Buffer[] | undefined {
    if (this.#parts.length === 0) return undefined;
    return [OPEN, ...this.#parts.flatMap((part, n) => (n === 0 ? [part] : [COMMA, part])), CLOSE];
  }

  /** What tells this batch from others with the same events: what the manifest says of each, its time among it. */
  get key(): string {
    const key = createHash("sha256");
    for (const { entry } of this.#tried) key.update(entry);
    return key.digest("hex");
  }

  /** It was said here before. */
  pass(event: FeedEvent): void {
    this.objects += 1;
    this.returned += 1;
    this.#note(event, event.entry);
  }

  /** It cannot be taken; one that is tried again was counted before. */
  leave(event: FeedEvent, isRetry: boolean, fault: EventFault): void {
    if (!isRetry) {
      this.objects += 1;
      this.leftOut += 1;
    }
    this.#note(event, null);
    this.#outcomes.set(event.event, { fault, isRetry });
  }

  /** `before` is the hash of what was taken of it last: the same again is nothing new. */
  take(event: FeedEvent, bytes: Buffer, before: Buffer | null): void {
    const content = createHash("sha256").update(bytes).digest();
    this.#note(event, content);
    if (before?.equals(content)) return;
    this.objects += 1;
    this.#parts.push(withoutMark(bytes));
    this.#bytes += bytes.length;
  }

  #note({ event, entry, timestamp }: FeedEvent, content: Buffer | null): void {
    this.#tried.push({ event, entry, content });
    this.#outcomes.set(event, { fault: undefined, isRetry: false });
    this.timestamp = Math.max(this.timestamp, timestamp);
  }
}

/** Within a list no byte-order mark may stand. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
