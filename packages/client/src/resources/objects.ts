import { type Assertion, type MarkingChange, type Receipt, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

export class Objects {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What each producer states about an id, as far as you may see it. */
  get(id: string) {
    return this.#caller.call(routes.getObject, { params: { id } });
  }

  /** Who receives it and why, and who does not; of what you received, your own line. */
  explain(object: string, wanted: { member?: string | undefined; version?: string | undefined } = {}) {
    return this.#caller.call(routes.explainObject, { query: { object, ...wanted } });
  }

  list(query: { type?: string; producer?: string } = {}): AsyncGenerator<Assertion> {
    return pages((after) => this.#caller.call(routes.listObjects, { query: { ...query, after } }));
  }

  /** Looks up a value (defanged is fine) or words; `next` is the next page's `after`. */
  search(
    q: string,
    more: { type?: string | undefined; after?: string | undefined; limit?: number | undefined } = {},
  ) {
    return this.#caller.call(routes.search, { query: { q, ...more } });
  }

  /** Takes back what your organisation stated about an id; `acknowledgeWithin` are minutes. */
  withdraw(id: string, order: { reason?: string | undefined; acknowledgeWithin?: number | undefined } = {}) {
    return this.#caller.call(routes.withdrawObject, { params: { id }, body: order });
  }

  /** The marking that holds for what your organisation stated about an id; its `tag` is for changing it. */
  marking(id: string) {
    return this.#caller.call(routes.getMarking, { params: { id } });
  }

  /** Marks it otherwise, or addresses it to others; somebody else's change since `tag` was read is an error. */
  mark(id: string, tag: string, change: MarkingChange) {
    const headers = { "if-match": `"${tag}"` };
    return this.#caller.call(routes.changeMarking, { params: { id }, body: change, headers });
  }

  /** To whom what your organisation stated was logged and delivered, newest first. */
  receipts(id: string): AsyncGenerator<Receipt> {
    return pages((after) => this.#caller.call(routes.listReceipts, { params: { id }, query: { after } }));
  }
}
