import { type PolicyInForce, type PolicyKey, type PolicyProposal, routes } from "@suar/contract";
import type { PairPolicy } from "@suar/policy";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

/** The policies of pairs, their proposals, and the keys that members sign them with. */
export class Policies {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  list(): AsyncGenerator<PolicyInForce> {
    return pages((after) => this.#caller.call(routes.listPolicies, { query: { after } }));
  }

  get(pair: string) {
    return this.#caller.call(routes.readPolicy, { params: { pair } });
  }

  /** Its rules with the clauses that they come of. */
  guide(pair: string) {
    return this.#caller.call(routes.readPolicyGuide, { params: { pair } });
  }

  propose(pair: string, policy: PairPolicy) {
    return this.#caller.call(routes.proposePolicy, { params: { pair }, body: { policy } });
  }

  proposals(
    wanted: { pair?: string | undefined; state?: PolicyProposal["state"] | undefined } = {},
  ): AsyncGenerator<PolicyProposal> {
    return pages((after) => this.#caller.call(routes.listProposals, { query: { ...wanted, after } }));
  }

  proposal(id: string) {
    return this.#caller.call(routes.readProposal, { params: { id } });
  }

  /** The signature is base64 of the Ed25519 signature over the policy's canonical JSON. */
  sign(id: string, key: string, signature: string) {
    return this.#caller.call(routes.signProposal, { params: { id }, body: { key, signature } });
  }

  withdraw(id: string) {
    return this.#caller.call(routes.withdrawProposal, { params: { id } });
  }

  keys(): AsyncGenerator<PolicyKey> {
    return pages((after) => this.#caller.call(routes.listPolicyKeys, { query: { after } }));
  }

  addKey(publicKey: string, label: string) {
    return this.#caller.call(routes.addPolicyKey, { body: { publicKey, label } });
  }

  confirmKey(id: string) {
    return this.#caller.call(routes.confirmPolicyKey, { params: { id } });
  }

  revokeKey(id: string) {
    return this.#caller.call(routes.revokePolicyKey, { params: { id } });
  }
}
