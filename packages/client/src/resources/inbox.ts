import { type InboxItemState, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** TLP:RED: what was sent to a person and by a person. All of it takes that person's own signed-in session. */
export class Inbox {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What is in it, newest first, without its content; `withdrawn` is what one owes a word about. */
  list(state?: InboxItemState) {
    return pages((after) => this.#caller.call(routes.listInbox, { query: { state, after } }));
  }

  /** The content; its sender sees that it was read. A call that fails may have been a reading all the same. */
  read(id: string) {
    return this.#caller.call(routes.readInboxItem, { params: { id } });
  }

  /** `withdrawal`: that one knows that it was taken back. */
  acknowledge(id: string, { withdrawal }: { withdrawal?: true | undefined } = {}) {
    const body = withdrawal && { withdrawal };
    return this.#caller.call(routes.acknowledgeInboxItem, { params: { id }, ...(body && { body }) });
  }

  /** What one sent, and who has read it when. */
  sent() {
    return pages((after) => this.#caller.call(routes.listSent, { query: { after } }));
  }

  /** Takes a submission back from everybody to whom it went. */
  withdraw(submissionId: string) {
    return this.#caller.call(routes.withdrawSent, { params: { id: submissionId } });
  }
}
