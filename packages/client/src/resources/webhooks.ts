import { type After, type Attempt, type Filter, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

export class Webhooks {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The answer holds the secret, which is shown once. */
  create(webhook: { url: string; filter?: Filter; description?: string; after?: After }) {
    return this.#caller.call(routes.createWebhook, { body: webhook });
  }

  list() {
    return pages((after) => this.#caller.call(routes.listWebhooks, { query: { after } }));
  }

  get(id: string) {
    return this.#caller.call(routes.getWebhook, { params: { id } });
  }

  change(id: string, changes: { url?: string; filter?: Filter; description?: string }) {
    return this.#caller.call(routes.changeWebhook, { params: { id }, body: changes });
  }

  delete(id: string) {
    return this.#caller.call(routes.deleteWebhook, { params: { id } });
  }

  /** Stops sending; the cursor freezes and nothing is lost. */
  pause(id: string) {
    return this.#caller.call(routes.pauseWebhook, { params: { id } });
  }

  resume(id: string) {
    return this.#caller.call(routes.resumeWebhook, { params: { id } });
  }

  test(id: string) {
    return this.#caller.call(routes.testWebhook, { params: { id } });
  }

  /** For 24 hours both secrets sign. */
  rotateSecret(id: string) {
    return this.#caller.call(routes.rotateSecret, { params: { id } });
  }

  /** Sends again everything after the seq `from` that matches. */
  replay(id: string, from: number) {
    return this.#caller.call(routes.replayWebhook, { params: { id }, body: { from } });
  }

  attempts(id: string): AsyncGenerator<Attempt> {
    return pages((after) => this.#caller.call(routes.listAttempts, { params: { id }, query: { after } }));
  }
}
