import { createHash } from "node:crypto";
import { addedDate } from "./added-date.ts";
import type { Connection, TaxiiReply } from "./connection.ts";
import { Definitions } from "./definitions.ts";
import { type EnvelopeEnd, EnvelopeReader, type PulledObject, readObject } from "./envelope-reader.ts";
import type { FoundCollection } from "./find-collection.ts";
import { fingerprint, type PullPlace, placeByDate, stepOn } from "./pull-place.ts";
import { TaxiiFault } from "./taxii-fault.ts";

/** A part of a page: at most so much as the limits let be held at a time. */
export type PulledPart = {
  /** Those that were not pulled before, with the definitions of their markings. */
  objects: readonly PulledObject[];
  /** Those whose markings the server does not define: nobody can tell whom they are for. */
  leftOut: readonly PulledObject[];
  /** X-TAXII-Date-Added of the page that it is of. */
  first: string | undefined;
  last: string | undefined;
  /** With the last part of a page: where to go on once this part, and all before it, are kept. */
  place?: PullPlace;
  /** With the place: whether the server has more now. */
  more?: boolean;
  /** With the place: objects of the page that were too large to be held. */
  tooLarge?: number;
};

export type PullOptions = {
  from: PullPlace;
  /** Objects of a page that are asked for. */
  limit: number;
  /** After so many pages the pull ends, wherever it stands. */
  mostPages: number;
};

/** Asked for at most where a server cannot tell objects of one date apart. */
const MOST_LIMIT = 50_000;

/**
 * Pulls a collection from a place on, page by page and part by part (TAXII 2.1 §5.4, §3.4): by `next`, and by date
 * where a server gives none or does not heed it. Every part is handed out before more is asked for. Throws a TaxiiFault;
 * what was handed out with a place is whole then.
 */
export async function* pullObjects(
  connection: Connection,
  collection: FoundCollection,
  { from, limit, mostPages }: PullOptions,
): AsyncGenerator<PulledPart> {
  const pull = new Pull(connection, collection, from, limit);
  for (let page = 0; page < mostPages && !pull.isOver; page++) yield* pull.page();
}

type Page = {
  objects: number;
  fresh: number;
  prints: Set<string>;
  first?: string | undefined;
  last?: string | undefined;
};

class Pull {
  readonly #connection: Connection;
  readonly #objectsUrl: URL;
  readonly #manifestUrl: URL;
  readonly #definitions: Definitions;
  #place: PullPlace;
  #limit: number;
  #begun = false;
  #over = false;
  #hasManifest = true;
  #emptyPages: number;
  #trail: PullPlace["trail"];
  #ignoresNext = false;

  constructor(connection: Connection, { url }: FoundCollection, from: PullPlace, limit: number) {
    this.#connection = connection;
    this.#objectsUrl = new URL("objects/", url);
    this.#manifestUrl = new URL("manifest/", url);
    this.#definitions = new Definitions(connection, this.#objectsUrl);
    this.#place = from;
    this.#limit = limit;
    this.#emptyPages = from.empty ?? 0;
    this.#trail = from.trail;
  }

  get isOver(): boolean {
    return this.#over;
  }

  async *page(): AsyncGenerator<PulledPart> {
    const reply = await this.#open();
    const page: Page = { objects: 0, fresh: 0, prints: new Set(), ...datesOf(reply) };
    const { partBytes, partObjects } = this.#connection.limits;
    const known = new Set(this.#place.seen);
    const reader = new EnvelopeReader(this.#connection.limits);
    let part: PulledObject[] = [];
    let size = 0;
    for await (const chunk of reply.body)
      for (const bytes of reader.push(chunk)) {
        const object = readObject(bytes);
        const print = fingerprint(object);
        page.objects += 1;
        page.prints.add(print);
        if (known.has(print)) continue;
        known.add(print);
        page.fresh += 1;
        if (part.length > 0 && (size + bytes.length > partBytes || part.length >= partObjects)) {
          yield await this.#part(part, page);
          part = [];
          size = 0;
        }
        part.push(object);
        size += bytes.length;
      }
    const end = reader.end();
    page.objects += reader.tooLarge;
    // Of a page without objects the specification says nothing (§3.4): what stands there is no object's date.
    page.last = page.objects === 0 ? undefined : (page.last ?? (await this.#lastOfManifest()));
    const place = this.#remembered(this.#goOn(page, end));
    // Where the same was asked for again with a higher limit, there is nothing to go on from yet.
    if (place === undefined) {
      if (part.length > 0) yield await this.#part(part, page);
      return;
    }
    const last = await this.#part(part, page);
    this.#place = place;
    yield { ...last, place, more: !this.#over, tooLarge: reader.tooLarge };
  }

  async #part(objects: readonly PulledObject[], { first, last }: Page): Promise<PulledPart> {
    return { ...(await this.#definitions.complete(objects)), first, last };
  }

  /** A `next` may be forgotten by its server: then the date of the last object is where to go on. */
  async #open(): Promise<TaxiiReply> {
    const wasResumed = !this.#begun;
    this.#begun = true;
    try {
      return await this.#connection.open(this.#query(this.#objectsUrl));
    } catch (error) {
      if (this.#place.next === undefined || !isForgotten(error, wasResumed)) throw error;
      this.#place = placeByDate(this.#place.last, this.#place.seen ?? [], this.#place);
      this.#trail = undefined;
      return await this.#connection.open(this.#query(this.#objectsUrl));
    }
  }

  #query(resource: URL): URL {
    const url = new URL(resource);
    const { addedAfter, next } = this.#place;
    if (addedAfter !== undefined) url.searchParams.set("added_after", addedAfter);
    url.searchParams.set("limit", String(this.#limit));
    if (next !== undefined) url.searchParams.set("next", next);
    return url;
  }

  /** Where the next page begins; undefined when this one is to be asked for again. */
  #goOn(page: Page, { more, next }: EnvelopeEnd): PullPlace | undefined {
    const last = latest(page.last, this.#place.last);
    if (!more) {
      this.#over = true;
      return placeByDate(last, this.#edge(page, last), this.#place);
    }
    const content = contentOf(page);
    // The page before once more: `next` is not heeded.
    // Of what is too large nothing is known: two such pages look alike.
    const isKnown = page.prints.size > 0;
    this.#ignoresNext ||= isKnown && content === this.#place.page;
    if (next === undefined || this.#ignoresNext) return this.#goOnByDate(page, last);
    this.#countEmpty(page.objects === 0);
    if (isKnown) this.#follow(content);
    const { addedAfter } = this.#place;
    return { ...placeByDate(last, this.#edge(page, last), this.#place), addedAfter, next, page: content };
  }

  #follow(content: string): void {
    this.#trail = stepOn(this.#trail, content);
    if (this.#trail === undefined)
      throw new TaxiiFault(
        "endless",
        "The server leads in a circle: it gives the same pages again and again",
      );
  }

  /** With what shows, in later pulls, that a server goes on for ever. */
  #remembered(place: PullPlace | undefined): PullPlace | undefined {
    if (place === undefined || this.#over) return place;
    return {
      ...place,
      ...(this.#emptyPages > 0 && { empty: this.#emptyPages }),
      ...(this.#trail !== undefined && { trail: this.#trail }),
    };
  }

  /** §3.4: `added_after` is the date of the last object; those of the very date come again and are passed over. */
  #goOnByDate(page: Page, last: string | undefined): PullPlace | undefined {
    if (last === undefined)
      throw new TaxiiFault(
        "stuck",
        "The server says that it has more, and neither next nor dates to ask for it by",
      );
    const place = placeByDate(last, this.#edge(page, last), this.#place);
    // A date that moves on and on over what was pulled before is no progress, either.
    this.#countEmpty(page.fresh === 0 && this.#place.next === undefined);
    const moves = place.addedAfter !== this.#place.addedAfter || this.#place.next !== undefined;
    if (moves) return place;
    if (this.#limit >= MOST_LIMIT)
      throw new TaxiiFault(
        "stuck",
        `The server holds more objects of ${last} than it gives on a page, and no next to tell them apart by`,
      );
    this.#limit = Math.min(this.#limit * 4, MOST_LIMIT);
    if (page.fresh === 0) return undefined;
    return place;
  }

  /** Fingerprints of what may come again: this page's, and of the same date those before it. */
  #edge({ prints }: Page, last: string | undefined): Set<string> {
    const same = prints.size === 0 || (last !== undefined && last === this.#place.last);
    return same ? new Set([...(this.#place.seen ?? []), ...prints]) : prints;
  }

  #countEmpty(isEmpty: boolean): void {
    this.#emptyPages = isEmpty ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages > this.#connection.limits.emptyPages)
      throw new TaxiiFault(
        "endless",
        `The server says that it has more, and gave ${this.#emptyPages} pages with nothing new`,
      );
  }

  /** Servers that leave the header out (OpenTAXII, medallion) tell the dates in the manifest (§5.3). */
  async #lastOfManifest(): Promise<string | undefined> {
    if (!this.#hasManifest) return undefined;
    try {
      const { objects } = (await this.#connection.json(this.#query(this.#manifestUrl))) as {
        objects?: unknown;
      };
      const dates = (Array.isArray(objects) ? objects : []).map((one) => addedDate(textOf(one?.date_added)));
      return dates.reduce(latest, undefined);
    } catch (error) {
      if (!(error instanceof TaxiiFault)) throw error;
      this.#hasManifest = false; // without dates the next pull begins where this one did
      return undefined;
    }
  }
}

/** Of a `next` that was kept from an earlier pull some servers know so little that they fail. */
function isForgotten(error: unknown, wasResumed: boolean): boolean {
  if (!(error instanceof TaxiiFault)) return false;
  return (
    error.code === "refused" || error.code === "not-found" || (wasResumed && error.code === "server-error")
  );
}

function contentOf({ prints }: Page): string {
  return createHash("sha256")
    .update([...prints].join())
    .digest("base64url");
}

function datesOf({ headers }: TaxiiReply): Pick<Page, "first" | "last"> {
  return {
    first: addedDate(headers.get("x-taxii-date-added-first")),
    last: addedDate(headers.get("x-taxii-date-added-last")),
  };
}

/** Both are as `addedDate` writes them: as texts in the order of time. */
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
