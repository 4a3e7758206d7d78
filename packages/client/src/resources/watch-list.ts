import { routes, type WatchList } from "@suar/contract";
import type { Caller } from "../call.ts";

/** What your organisation watches: `@watch` in every filter. */
export class WatchLists {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get(): Promise<WatchList> {
    return this.#caller.call(routes.getWatch, {});
  }

  /** `version` is that of the list as you read it; somebody else's edit since then is an error. */
  set(version: number, values: string[]): Promise<WatchList> {
    const headers = { "if-match": `"${version}"` };
    return this.#caller.call(routes.setWatch, { body: { values }, headers });
  }
}
