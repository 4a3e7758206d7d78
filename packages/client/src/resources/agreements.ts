import { type Agreement, type AgreementProposal, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** What your member agreed on with others. */
export class Agreements {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  list(): AsyncGenerator<Agreement> {
    return pages((after) => this.#caller.call(routes.listAgreements, { query: { after } }));
  }

  get(id: string) {
    return this.#caller.call(routes.readAgreement, { params: { id } });
  }

  propose(body: AgreementProposal) {
    return this.#caller.call(routes.proposeAgreement, { body });
  }

  accept(id: string) {
    return this.#caller.call(routes.acceptAgreement, { params: { id } });
  }

  /** Ends it now; declines or takes back what is only proposed. */
  end(id: string) {
    return this.#caller.call(routes.endAgreement, { params: { id } });
  }
}
