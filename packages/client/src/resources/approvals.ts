import { type ApprovalState, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** What waits for data officers, or did: what you are asked, and what waits of your own. */
export class Approvals {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** In the order in which it was asked. */
  list(state?: ApprovalState) {
    return pages((after) => this.#caller.call(routes.listApprovals, { query: { state, after } }));
  }

  /** With the copies that would go out. */
  get(id: string) {
    return this.#caller.call(routes.readApproval, { params: { id } });
  }

  /** `seen` is the `etag` of the request as you read it: nothing else is agreed to. */
  approve(id: string, seen: string) {
    const headers = { "if-match": `"${seen}"` };
    return this.#caller.call(routes.approveRelease, { params: { id }, headers });
  }

  refuse(id: string, reason: string) {
    return this.#caller.call(routes.refuseRelease, { params: { id }, body: { reason } });
  }
}
