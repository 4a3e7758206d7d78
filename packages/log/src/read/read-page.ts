import type { Queryable } from "@suar/runtime";
import { type Names, selectEntries, selectHead } from "../store/entries.ts";
import type { Entry, Head } from "./entry.ts";
import type { Matcher } from "./match.ts";
import { type Reader, visibleTo } from "./visible-to.ts";
import { withNamed } from "./with-named.ts";

/** What one look into the log found. `next` is where to go on, whether anything matched or not. */
export type Page = { entries: Entry[]; next: number; head: Head };

export type PageRequest = {
  after: number;
  limit: number;
  reader: Reader;
  matches: Matcher;
  /** What stands behind it is not looked at. */
  upTo?: number;
};

/**
 * Dense numbers let a look be bounded by seq: so many entries are looked at, however few match. It begins with as many as are
 * asked for, since mostly all match, and their bodies are what costs.
 */
const WINDOW = 500;
const MOST_LOOKED_AT = 5_000;

/**
 * The one reading function: pull, stream catch-up and webhooks read the log through it, with the same cursor and the
 * same filter. It looks at a bounded piece, so a caller whose filter matches nothing
 * still gets a new position after each call.
 */
export async function readPage(db: Queryable, names: Names, request: PageRequest): Promise<Page> {
  const head = await selectHead(db);
  const entries: Entry[] = [];
  const end = Math.min(head.seq, request.after + MOST_LOOKED_AT, request.upTo ?? Number.POSITIVE_INFINITY);
  let next = request.after;
  let window = Math.min(WINDOW, request.limit);
  while (next < end && entries.length < request.limit) {
    const upTo = Math.min(next + window, end);
    window = Math.min(WINDOW, window * 2);
    const looked = await selectEntries(db, names, next, upTo);
    for (const entry of request.matches.asksNamed ? await withNamed(db, names, looked) : looked) {
      next = entry.seq;
      if (visibleTo(entry, request.reader) && request.matches(entry)) entries.push(entry);
      if (entries.length === request.limit) return { entries, next, head };
    }
    next = upTo;
  }
  return { entries, next: Math.max(next, request.after), head };
}
