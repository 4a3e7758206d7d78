import { defineRoute } from "@suar/contract";
import { parseReceipt, type Receipt } from "@suar/merkle";
import { z } from "zod";
import type { Caller } from "../call.ts";
import { SuarError } from "../error.ts";

const shared = { tag: "Proofs", roles: [], status: 200 } as const;
const readCheckpoint = defineRoute({
  ...shared,
  method: "GET",
  path: "/v1/tlog/checkpoint",
  summary: "The log's signed checkpoint",
  query: z.object({ for: z.literal("witness").optional(), witnessed: z.literal("true").optional() }),
  reply: z.string(),
});
const readConsistency = defineRoute({
  ...shared,
  method: "GET",
  path: "/v1/tlog/consistency",
  summary: "That a checkpoint's log begins with an earlier one's",
  query: z.object({ from: z.int(), to: z.int() }),
  reply: z.object({ proof: z.array(z.string().max(64)).max(128) }),
});
const addCosignature = defineRoute({
  ...shared,
  method: "POST",
  path: "/v1/tlog/cosignatures",
  summary: "A checkpoint that a witness cosigned",
  body: z.object({ checkpoint: z.string() }),
  reply: z.unknown(),
});
const readLogKey = defineRoute({
  ...shared,
  method: "GET",
  path: "/v1/tlog/key",
  summary: "The key that signs the log's checkpoints",
  reply: z.string(),
});
const readPolicy = defineRoute({
  ...shared,
  method: "GET",
  path: "/v1/tlog/witness-policy",
  summary: "The keys of the log and of its witnesses",
  reply: z.looseObject({}),
});
const readReceipt = defineRoute({
  ...shared,
  method: "GET",
  path: "/v1/tlog/receipts/:seq",
  summary: "The receipt of an entry that went to the caller",
  params: z.object({ seq: z.int().positive() }),
  reply: z.looseObject({}),
});

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
    return this.#caller.call(readCheckpoint, { query, headers: PLAIN, signal });
  }

  /** Hashes in Base64 (RFC 9162, section 2.1.4.1). */
  async consistency(from: number, to: number, signal?: AbortSignal): Promise<string[]> {
    return (await this.#caller.call(readConsistency, { query: { from, to }, signal })).proof;
  }

  /** Hands a checkpoint in, with the line of the caller's witness. */
  async cosign(checkpoint: string, signal?: AbortSignal): Promise<void> {
    await this.#caller.call(addCosignature, { body: { checkpoint }, signal });
  }

  /** A verifier key of C2SP signed-note; compare it with what other members have. */
  async key(): Promise<string> {
    return (await this.#caller.call(readLogKey, { headers: PLAIN })).trim();
  }

  /** The policy file that the platform proposes; compare it with what other members have. */
  policy(): Promise<unknown> {
    return this.#caller.call(readPolicy, {});
  }

  async receipt(seq: number): Promise<Receipt> {
    const read = parseReceipt(JSON.stringify(await this.#caller.call(readReceipt, { params: { seq } })));
    if (read.ok) return read.value;
    throw new SuarError(
      "unexpected-reply",
      `the receipt of entry ${seq} is none: ${read.at} ${read.message}`,
    );
  }
}
