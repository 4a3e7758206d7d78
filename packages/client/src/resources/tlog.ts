import { routes, type Witness } from "@suar/contract";
import { parseReceipt, type Receipt } from "@suar/merkle";
import type { Caller } from "../call.ts";
import { SuarError } from "../error.ts";

const PLAIN = { accept: "text/plain" };

/** The log's proofs. Nothing is verified here: `suar verify`, or `@suar/merkle`, does that offline. */
export class Tlog {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** A signed note: the newest, the one that witnesses are asked to cosign, or the newest with a quorum. */
  checkpoint(
    which: "newest" | "for-witness" | "witnessed" = "newest",
    signal?: AbortSignal,
  ): Promise<string> {
    const query = {
      ...(which === "for-witness" && { for: "witness" as const }),
      ...(which === "witnessed" && { witnessed: "true" as const }),
    };
    return this.#caller.call(routes.readCheckpoint, { query, headers: PLAIN, signal });
  }

  /** Hashes in Base64 (RFC 9162, section 2.1.4.1). */
  async consistency(from: number, to: number, signal?: AbortSignal): Promise<string[]> {
    return (await this.#caller.call(routes.readConsistency, { query: { from, to }, signal })).proof;
  }

  /** Hands a checkpoint in, with the line of the caller's witness. */
  async cosign(checkpoint: string, signal?: AbortSignal): Promise<void> {
    await this.#caller.call(routes.addCosignature, { body: { checkpoint }, signal });
  }

  /** A verifier key of C2SP signed-note; compare it with what other members have. */
  async key(): Promise<string> {
    return (await this.#caller.call(routes.readLogKey, { headers: PLAIN })).trim();
  }

  /** The policy file that the platform proposes; compare it with what other members have. */
  policy(): Promise<unknown> {
    return this.#caller.call(routes.readWitnessPolicy, {});
  }

  async receipt(seq: number): Promise<Receipt> {
    const read = parseReceipt(
      JSON.stringify(await this.#caller.call(routes.readReceipt, { params: { seq } })),
    );
    if (read.ok) return read.value;
    throw new SuarError(
      "unexpected-reply",
      `the receipt of entry ${seq} is none: ${read.at} ${read.message}`,
    );
  }

  /** The members' witnesses, those whose key was revoked too. */
  async witnesses(): Promise<Witness[]> {
    return (await this.#caller.call(routes.listWitnesses, {})).items;
  }

  /** Makes a key, of which `provePossession` has the proof, the caller's member's witness's; the one before it is revoked. */
  registerWitness(vkey: string, proof: string): Promise<Witness> {
    return this.#caller.call(routes.registerWitness, { body: { vkey, proof } });
  }

  revokeWitness(): Promise<Witness> {
    return this.#caller.call(routes.revokeWitness, {});
  }
}
