import { type DrillDelivery, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** Drill runs, each in a realm of its own. */
export class Drills {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Makes a run from a scenario's YAML; it waits until it is started. The answer holds the players' keys. */
  create(scenario: string, speed?: number) {
    return this.#caller.call(routes.createDrill, {
      body: speed === undefined ? { scenario } : { scenario, speed },
    });
  }

  list() {
    return pages((after) => this.#caller.call(routes.listDrills, { query: { after } }));
  }

  get(id: string, signal?: AbortSignal) {
    return this.#caller.call(routes.getDrill, { params: { id }, signal });
  }

  start(id: string) {
    return this.#caller.call(routes.startDrill, { params: { id } });
  }

  pause(id: string) {
    return this.#caller.call(routes.pauseDrill, { params: { id } });
  }

  resume(id: string) {
    return this.#caller.call(routes.resumeDrill, { params: { id } });
  }

  end(id: string) {
    return this.#caller.call(routes.endDrill, { params: { id } });
  }

  archive(id: string) {
    return this.#caller.call(routes.archiveDrill, { params: { id } });
  }

  /** Plays the same scenario again in a new realm. */
  replay(id: string, speed?: number) {
    return this.#caller.call(routes.replayDrill, {
      params: { id },
      body: speed === undefined ? {} : { speed },
    });
  }

  /** Who received what and when, so far. */
  async *deliveries(id: string): AsyncGenerator<DrillDelivery> {
    let after = 0;
    for (;;) {
      const page = await this.#caller.call(routes.drillDeliveries, { params: { id }, query: { after } });
      yield* page.items;
      if (page.items.length === 0 || page.next <= after) return;
      after = page.next;
    }
  }
}
