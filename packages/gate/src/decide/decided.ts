import { hash as digest } from "node:crypto";
import type { Outcome } from "@suar/policy";
import { canonicalJson } from "@suar/stix";

/** Who let something go that waited: the rule that asked, how many agreed, in which roles, and when the last did. */
type Approved = { rules: readonly string[]; approvals: number; roles: readonly string[]; at: string };
/** Who agreed, and the commitment to that person's word (`entry/approval-word.ts`), in Base64. */
export type ApprovalShown = { approver: string; word: string };

/** What was decided of an entry, as it is kept, committed to and shown: by which rules, with what left out. */
export type Decided = {
  decision: "allow" | "redact" | "approve" | "withhold";
  reasons: readonly {
    code: string;
    rule: string;
    source: string;
    guide?: string;
    paths: readonly string[];
  }[];
  redactions: readonly { path: string; op: string; class: string }[];
  obligations: readonly string[];
  policyHash: string;
  /** The grounds on which it crossed borders: pair and version, ground, its kind and status. */
  bases: readonly string[];
  /** Individuals that were found, by kind of personal data. */
  pii: Readonly<Record<string, number>>;
  approved?: Approved;
  /** Opened to all receivers, so that each whose officers are named can look for their words. */
  approvals?: readonly ApprovalShown[];
};

/** Why an entry takes something away, in place of a decision. */
export type TakenAway =
  | { cause: "recall"; recall: { id: string; withdrawnAt: string; dueAt: string } }
  | { cause: "decided-anew"; policyHash: string };

/** A decision's canonical JSON, and what it is interned by. */
export type KeptDecision = { hash: Buffer; body: string };

const kept = new WeakMap<Outcome, KeptDecision>();

/** A batch's objects share their outcomes: each is written down once. */
export function keptDecision(outcome: Outcome): KeptDecision {
  const known = kept.get(outcome) ?? keepDecision(decidedOf(outcome));
  kept.set(outcome, known);
  return known;
}

/** The outcome, of which the approvals that it had are kept with it. */
export function keptAs(outcome: Outcome, approved: Approved, approvals: readonly ApprovalShown[]): Outcome {
  kept.set(outcome, keepDecision({ ...decidedOf(outcome), approved, approvals }));
  return outcome;
}

export function keepDecision(decided: Decided | TakenAway): KeptDecision {
  const body = canonicalJson(decided);
  return { body, hash: digest("sha256", body, "buffer") };
}

/** Approvers are not in it: what is released needed none, or `approved` tells who they were. */
function decidedOf(outcome: Outcome): Decided {
  const { decision, reasons, redactions, obligations, policyHash, bases, pii } = outcome;
  return {
    decision,
    reasons,
    redactions,
    obligations,
    policyHash,
    bases: bases.map(({ pair, version, id, kind, status }) => `${pair}@${version} ${id} ${kind} ${status}`),
    pii: Object.fromEntries(pii.map((count) => [count.class, count.individuals])),
  };
}
