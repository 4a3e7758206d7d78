import { routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** Withdrawals and who has acknowledged them: those of others, and your own. */
export class Recalls {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** With a state, others' recalls alone: what you have still to acknowledge, or have. */
  list(state?: "open" | "acknowledged") {
    return pages((after) => this.#caller.call(routes.listRecalls, { query: { state, after } }));
  }

  get(id: string) {
    return this.#caller.call(routes.getRecall, { params: { id } });
  }

  /** A repeat is harmless. */
  acknowledge(id: string) {
    return this.#caller.call(routes.acknowledgeRecall, { params: { id } });
  }
}
