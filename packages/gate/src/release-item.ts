import type { ItemKind } from "@suar/contract";
import type { Organisation } from "@suar/policy";
import type { Pap, StixObject, Tlp } from "@suar/stix";
import type { Gate } from "./gate.ts";

/** An object as normalization hands it to the gate: canonical, marked, its references final. */
export type ReleaseItem = {
  kind: Exclude<ItemKind, "withdrawn">;
  object: StixObject;
  tlp: Tlp;
  pap: Pap | undefined;
  /** Codes of the organisations that the originator named; empty: none named. */
  to: readonly string[];
  /** Hash of what the producer said, without what Suar added and without markings. */
  contentHash: Buffer;
  /** True where `created` and `modified` are Suar's: then equal content is the same version. */
  generated: boolean;
  /** Canonical observable keys. */
  keys: readonly string[];
};

/**
 * What became of an item. Each code says why; `accepted` with `shared-further` is known content for more readers, with
 * `created-differs` a version that moves what no version may.
 */
export type ReleaseOutcome =
  | { outcome: "accepted"; id: string; code?: "shared-further" | "created-differs"; reason?: string }
  | { outcome: "merged" | "unchanged"; id: string; code?: "first-kept"; reason?: string }
  | {
      outcome: "rejected";
      id: string;
      code:
        | "same-version-differs"
        | "older-version"
        | "revoked"
        | "another-creator"
        | "modified-out-of-range"
        | "red-needs-people";
      reason: string;
    };

/** What items are judged in. */
export type JudgeContext = {
  producer: Organisation;
  /** All active organisations: those the policy decides over. */
  organisations: readonly Organisation[];
  submissionId: string | null;
  receivedAt: string;
  /** Who will have whole what the submission holds and has not released yet (`planReaders`). */
  planned?: ReadonlyMap<string, readonly number[]> | undefined;
};

export type ReleaseContext = JudgeContext & { gate: Gate };
