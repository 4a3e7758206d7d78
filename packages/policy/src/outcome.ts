import { z } from "zod";

/** Why: a stable code, the rule that said so, and the text that the rule stands on. */
export const Reason = z.object({ code: z.string(), rule: z.string(), source: z.string() });
export type Reason = z.infer<typeof Reason>;

export const Redaction = z.object({ path: z.string(), op: z.enum(["drop", "mask", "hmac", "cryptopan"]) });
export type Redaction = z.infer<typeof Redaction>;

export const Outcome = z.object({
  withheld: z.boolean(),
  approvers: z.array(z.string()).readonly(),
  redactions: z.array(Redaction).readonly(),
  reasons: z.array(Reason).readonly(),
});
export type Outcome = z.infer<typeof Outcome>;

const SEPARATOR = "\u0000";
const NOTHING: Outcome = { withheld: false, approvers: [], redactions: [], reasons: [] };

/**
 * The least outcome that is at least as strict as each of the given ones. Commutative, associative and
 * idempotent: its lists are sets in sorted order, so that the order in which rules run can never show.
 */
export function joinOutcomes(...outcomes: readonly Outcome[]): Outcome {
  return {
    withheld: outcomes.some((outcome) => outcome.withheld),
    approvers: union(
      outcomes,
      (outcome) => outcome.approvers,
      (approver) => approver,
    ),
    redactions: union(outcomes, (outcome) => outcome.redactions, redactionKey),
    reasons: union(outcomes, (outcome) => outcome.reasons, reasonKey),
  };
}

/** Names the copy that a recipient gets. Equal keys mean equal copies, whatever the reasons were. */
export function outcomeKey(outcome: Outcome): string {
  const { withheld, approvers, redactions } = outcome;
  if (!withheld && approvers.length === 0 && redactions.length === 0) return PLAIN_KEY;
  return keyOf(joinOutcomes(outcome));
}

function keyOf({ withheld, approvers, redactions }: Outcome): string {
  return JSON.stringify([withheld, approvers, redactions.map(({ path, op }) => [path, op])]);
}

const PLAIN_KEY = keyOf(NOTHING);

function redactionKey({ path, op }: Redaction): string {
  return path + SEPARATOR + op;
}

function reasonKey({ code, rule, source }: Reason): string {
  return code + SEPARATOR + rule + SEPARATOR + source;
}

function union<T>(
  outcomes: readonly Outcome[],
  listOf: (outcome: Outcome) => readonly T[],
  key: (item: T) => string,
): readonly T[] {
  let all: readonly T[] = [];
  for (const outcome of outcomes) {
    const list = listOf(outcome);
    if (list.length > 0) all = all.length > 0 ? [...all, ...list] : list;
  }
  if (all.length < 2) return all;
  const byKey = new Map(all.map((item) => [key(item), item]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
