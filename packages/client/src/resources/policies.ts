import {
  type PolicyDiff,
  type PolicyDiffLine,
  type PolicyInForce,
  type PolicyKey,
  type PolicyProposal,
  routes,
} from "@suar/contract";
import type { PairPolicy } from "@suar/policy";
import type { Caller } from "../call.ts";
import { SuarError } from "../error.ts";
import { pages } from "../pages.ts";

type OnProgress = (progress: { done: number; total: number }) => void;

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

  /**
   * The signature is base64 of the Ed25519 signature over the policy's canonical JSON. The last one waits for the diffs
   * (`diff-not-ready`), unless each party waived them with its own.
   */
  sign(id: string, key: string, signature: string, { waiveDiff }: { waiveDiff?: true | undefined } = {}) {
    const body = { key, signature, ...(waiveDiff && { waiveDiff }) };
    return this.#caller.call(routes.signProposal, { params: { id }, body });
  }

  /** What a proposal would have changed in the last 90 days; `onProgress` is told how far it is. */
  async diff(id: string, onProgress?: OnProgress, signal?: AbortSignal): Promise<PolicyDiff> {
    return await lastOf(this.#caller.lines(routes.diffProposal, { params: { id }, signal }), onProgress);
  }

  /** The same for a policy that is not proposed yet. */
  async diffDraft(
    pair: string,
    policy: PairPolicy,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<PolicyDiff> {
    const input = { params: { pair }, body: { policy }, signal };
    return await lastOf(this.#caller.lines(routes.diffPolicy, input), onProgress);
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

async function lastOf(lines: AsyncIterable<PolicyDiffLine>, onProgress?: OnProgress): Promise<PolicyDiff> {
  for await (const line of lines) {
    if (line.line === "diff") return line.diff;
    if (line.line === "progress") onProgress?.(line);
    else {
      const { problem } = line;
      throw new SuarError(problem.code, problem.detail ?? problem.title, { status: problem.status, problem });
    }
  }
  throw new SuarError("network", "the answer broke off before its end");
}
