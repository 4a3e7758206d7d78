import { type PublicEvent, routes } from "@suar/contract";
import type { Caller } from "../call.ts";

/** What everybody may read; no key is needed. */
export class PublicReading {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What was released to everybody, in order, up to the present; `after` is the `next` of an earlier page. */
  async *events(after?: string): AsyncGenerator<PublicEvent> {
    for (let place = after, more = true; more; ) {
      const page = await this.page(place === undefined ? {} : { after: place });
      yield* page.items;
      [place, more] = [page.next, page.more];
    }
  }

  page(query: { after?: string; limit?: number } = {}) {
    return this.#caller.call(routes.readPublicEvents, { query });
  }

  /** What each producer states about an id to everybody. */
  object(id: string) {
    return this.#caller.call(routes.getPublicObject, { params: { id } });
  }
}
