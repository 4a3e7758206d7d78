import type { ItemKind, ToldName } from "@suar/contract";
import type { DecisionContext, Limits, Organisation, Victims } from "@suar/policy";
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
  /** What its originator says beside the marking to narrow who receives it; absent: nothing. */
  limits?: Limits | undefined;
  /** Hash of what the producer said, without what Suar added and without markings. */
  contentHash: Buffer;
  /** True where `created` and `modified` are Suar's: then equal content is the same version. */
  generated: boolean;
  /** Canonical observable keys. */
  keys: readonly string[];
};

/**
 * What became of an item. Each code says why; `accepted` with `shared-further` is known content for more readers, with
 * `created-differs` a version that moves what no version may, with `held-narrower` one under the marking that its originator
 * gave the id (`mark`), with `undecided` one whose older versions are closed to all others for now. Of TLP:RED, `not-sent-to-all` and `not-sent` name those whom it does not reach; with `taken-back` what
 * organisations had of the id is withdrawn.
 */
export type ReleaseOutcome =
  | ({
      outcome: "accepted";
      code?:
        | "shared-further"
        | "created-differs"
        | "held-narrower"
        | "not-sent-to-all"
        | "taken-back"
        | "undecided";
      reason?: string;
    } & Told)
  | ({
      outcome: "merged" | "unchanged";
      code?: "first-kept" | "not-sent-to-all" | "taken-back";
      reason?: string;
    } & Told)
  | {
      outcome: "rejected";
      id: string;
      code:
        | "same-version-differs"
        | "older-version"
        | "revoked"
        | "another-creator"
        | "modified-out-of-range"
        | "red-needs-people"
        | "not-sent";
      reason: string;
    };

/** `waiting`: those who receive it only when others have agreed, as the producer is told of them. */
type Told = { id: string; waiting?: ToldName[] };

/**
 * What items are judged in: one moment's directory and policies. Nothing asks for either again while a batch is judged
 * and written, on this connection or another.
 */
export type JudgeContext = {
  producer: Organisation;
  /** All active organisations that take part in the realm: those the policy decides over. */
  organisations: readonly Organisation[];
  policies: DecisionContext["policies"];
  /** The moment, in milliseconds of the epoch, by the database's clock: processes have clocks of their own. */
  now: number;
  submissionId: string | null;
  receivedAt: string;
  /** On whose word it is said: what waits for an approval is not approved by the same. */
  word: string;
  /** Who will have whole what the submission holds and has not released yet (`planReaders`). */
  planned?: ReadonlyMap<string, readonly number[]> | undefined;
  /** What is a victim's, as the submission tells and what its producer stated before (`planVictims`). */
  victims?: PlannedVictims | undefined;
};

/** `attackers`: parts of victims' things that the submission shows to be an attacker's, whichever batch shows it. */
export type PlannedVictims = Victims & { attackers: ReadonlySet<string> };

/**
 * `standing`: the fingerprint of what organisations and policies were read from. `writes`: whoever decides by it holds the
 * producer's lock, and writes what is decided (`lockStanding`); who only looks waits for no writer.
 */
export type ReleaseContext = JudgeContext & { gate: Gate; standing: string; writes: boolean };
