import { type createSource, routes, type Source } from "@suar/contract";
import type { z } from "zod";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

export type NewSource = z.input<NonNullable<(typeof createSource)["body"]>>;

export class Sources {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The credential is kept sealed; no answer ever holds it. */
  create(source: NewSource): Promise<Source> {
    return this.#caller.call(routes.createSource, { body: source });
  }

  list(): AsyncGenerator<Source> {
    return pages((after) => this.#caller.call(routes.listSources, { query: { after } }));
  }

  get(id: string): Promise<Source> {
    return this.#caller.call(routes.getSource, { params: { id } });
  }

  /** Its place is kept; nothing is lost. */
  pause(id: string): Promise<Source> {
    return this.#caller.call(routes.pauseSource, { params: { id } });
  }

  resume(id: string): Promise<Source> {
    return this.#caller.call(routes.resumeSource, { params: { id } });
  }

  pullNow(id: string): Promise<Source> {
    return this.#caller.call(routes.pullNow, { params: { id } });
  }

  /** What it submitted stays. */
  delete(id: string) {
    return this.#caller.call(routes.deleteSource, { params: { id } });
  }
}
