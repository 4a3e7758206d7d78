import { type Alert, type Filter, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** Alerts and the rules that raise them. */
export class Alerts {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  list(state?: Alert["state"]): AsyncGenerator<Alert> {
    return pages((after) => this.#caller.call(routes.listAlerts, { query: { state, after } }));
  }

  acknowledge(id: string) {
    return this.#caller.call(routes.acknowledgeAlert, { params: { id } });
  }

  rules() {
    return pages((after) => this.#caller.call(routes.listAlertRules, { query: { after } }));
  }

  createRule(name: string, filter: Filter) {
    return this.#caller.call(routes.createAlertRule, { body: { name, filter } });
  }

  deleteRule(id: string) {
    return this.#caller.call(routes.deleteAlertRule, { params: { id } });
  }
}
