import { type Advisory, type AdvisoryDraft, routes } from "@suar/contract";
import type { z } from "zod";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

type Draft = z.input<typeof AdvisoryDraft>;

export class Advisories {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  draft(draft: Draft) {
    return this.#caller.call(routes.createAdvisory, { body: draft });
  }

  list(): AsyncGenerator<Advisory> {
    return pages((after) => this.#caller.call(routes.listAdvisories, { query: { after } }));
  }

  get(id: string) {
    return this.#caller.call(routes.getAdvisory, { params: { id } });
  }

  /** `version` is that of the advisory as you read it; somebody else's edit since then is an error. */
  change(id: string, version: number, draft: Draft) {
    const headers = { "if-match": `"${version}"` };
    return this.#caller.call(routes.changeAdvisory, { params: { id }, body: draft, headers });
  }

  /** Has to be done by somebody else than the one who last edited it. */
  publish(id: string) {
    return this.#caller.call(routes.publishAdvisory, { params: { id } });
  }
}
