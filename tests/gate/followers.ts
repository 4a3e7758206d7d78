import { taxiiCaller } from "../e2e/taxii-caller.ts";
import type { Caller } from "../support/api.ts";

/** An item of the log, as far as a follower looks into it. */
export type FollowedItem = {
  kind: string;
  producer: string;
  object: { type: string; id: string; modified?: string };
};

const COLLECTION = "/taxii2/live/collections/all/objects/";
type Fetched = { objects: any[]; next: string | undefined; last: string | undefined };

/**
 * A TAXII client that polls by `added_after` with the date that it was told last, and knows nothing else: of each id it
 * holds what came last. It may stop after any page, and goes on by the date of that page then.
 */
export class TaxiiFollower {
  readonly held = new Map<string, any>();
  readonly #get: (path: string) => Promise<Fetched>;
  #last: string | undefined;

  constructor(url: string, key: string) {
    const taxii = taxiiCaller(url, key);
    this.#get = async (path) => {
      const { status, body, text, headers } = await taxii.get(path);
      if (status !== 200) throw new Error(`${status} ${text}`);
      const last = headers.get("x-taxii-date-added-last") ?? undefined;
      return { objects: body.objects ?? [], next: body.more === true ? body.next : undefined, last };
    };
  }

  async poll(pages = Number.POSITIVE_INFINITY, limit = 100): Promise<void> {
    const since = this.#last === undefined ? "" : `&added_after=${this.#last}`;
    let next: string | undefined;
    for (let page = 0; page < pages; page++) {
      const place = next === undefined ? "" : `&next=${encodeURIComponent(next)}`;
      const fetched = await this.#get(`${COLLECTION}?limit=${limit}${since}${place}`);
      for (const object of fetched.objects) this.held.set(object.id, object);
      if (fetched.objects.length > 0) this.#last = fetched.last;
      next = fetched.next;
      if (next === undefined) return;
    }
  }
}

/**
 * What items say that their reader holds, by producer and id: versions come one after the other, and a withdrawal ends
 * that which it names and all before it.
 */
export class Held {
  readonly #versions = new Map<string, Map<string, unknown>>();

  add({ kind, producer, object }: FollowedItem): void {
    const name = `${producer} ${object.id}`;
    const versions = this.#versions.get(name) ?? new Map<string, unknown>();
    this.#versions.set(name, versions);
    const { modified = "" } = object;
    if (kind !== "withdrawn") versions.set(modified, object);
    else for (const version of versions.keys()) if (version <= modified) versions.delete(version);
  }

  /** The newest version of each, by producer and id. */
  get newest(): Map<string, unknown> {
    const newest = new Map<string, unknown>();
    for (const [name, versions] of this.#versions) {
      const last = [...versions.keys()].sort().at(-1);
      if (last !== undefined) newest.set(name, versions.get(last));
    }
    return newest;
  }
}

/** A reader of `/v1/log` that goes on by its cursor. */
export class LogFollower {
  readonly held = new Held();
  readonly #as: Caller;
  #after = "0";

  constructor(as: Caller) {
    this.#as = as;
  }

  async poll(): Promise<void> {
    for (;;) {
      const { body } = await this.#as.get(`/v1/log?after=${this.#after}&limit=100`);
      for (const one of body.items) this.held.add(one);
      const isEnd = body.next === this.#after;
      this.#after = body.next;
      if (isEnd) return;
    }
  }
}
