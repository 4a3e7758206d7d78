import { z } from "zod";
import { BasisKind, BasisStatus } from "./pairs/condition.ts";
import { Operation, stricterOperation } from "./pairs/operation.ts";
import { Obligation } from "./pairs/pair-policy.ts";
import { PiiClass } from "./personal-data.ts";
import { Reason } from "./reason.ts";

/** What becomes of personal data at one place (a JSON pointer). */
export const Redaction = z.object({ path: z.string(), op: Operation, class: PiiClass });
export type Redaction = z.infer<typeof Redaction>;

/** The ground on which something crosses from one member to another ("CN>SG"). */
export const BasisUse = z.object({
  pair: z.string(),
  version: z.int(),
  id: z.string(),
  kind: BasisKind,
  status: BasisStatus,
});
export type BasisUse = z.infer<typeof BasisUse>;

/** How many people's data of one kind were found, and what became of them. */
export const PiiCount = z.object({ class: PiiClass, individuals: z.int(), op: Operation });
export type PiiCount = z.infer<typeof PiiCount>;

export const Decision = z.enum(["allow", "redact", "approve", "withhold"]);
export type Decision = z.infer<typeof Decision>;

export const Outcome = z.object({
  /** The strictest word for what follows. */
  decision: Decision,
  withheld: z.boolean(),
  /** Each of them must agree first. */
  approvers: z.array(z.string()).readonly(),
  /** Whether two people of each must. */
  fourEyes: z.boolean(),
  /** How long they are waited for; null where nobody is asked. */
  deadlineHours: z.int().nullable(),
  redactions: z.array(Redaction).readonly(),
  reasons: z.array(Reason).readonly(),
  obligations: z.array(Obligation).readonly(),
  bases: z.array(BasisUse).readonly(),
  pii: z.array(PiiCount).readonly(),
  /** Of the whole set of policies that it was decided under; "" for what was decided by markings alone. */
  policyHash: z.string(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What one party to a decision says; `decision` follows from it. */
export type Claim = Omit<Outcome, "decision">;

export const NOTHING: Outcome = outcomeOf({
  withheld: false,
  approvers: [],
  fourEyes: false,
  deadlineHours: null,
  redactions: [],
  reasons: [],
  obligations: [],
  bases: [],
  pii: [],
  policyHash: "",
});

export function outcomeOf(claim: Claim): Outcome {
  return { decision: decisionOf(claim), ...claim };
}

export function decisionOf({
  withheld,
  approvers,
  redactions,
}: Pick<Claim, "withheld" | "approvers" | "redactions">): Decision {
  if (withheld) return "withhold";
  if (approvers.length > 0) return "approve";
  return redactions.length > 0 ? "redact" : "allow";
}

const SEPARATOR = "\u0000";

/**
 * The least outcome that is at least as strict as each of the given ones. Commutative, associative and idempotent:
 * its lists are sets in sorted order, so that the order in which rules run can never show. Of two operations on the
 * same data the stricter holds. Throws where the outcomes were decided under different policies.
 */
export function joinOutcomes(...outcomes: readonly Outcome[]): Outcome {
  const lists = <T>(listOf: (outcome: Outcome) => readonly T[]) => outcomes.map(listOf);
  return outcomeOf({
    withheld: outcomes.some(({ withheld }) => withheld),
    approvers: union(
      lists(({ approvers }) => approvers),
      (approver) => approver,
    ),
    fourEyes: outcomes.some(({ fourEyes }) => fourEyes),
    deadlineHours: earliest(outcomes.map(({ deadlineHours }) => deadlineHours)),
    redactions: stricterRedactions(...lists(({ redactions }) => redactions)),
    reasons: union(
      lists(({ reasons }) => reasons),
      reasonKey,
    ),
    obligations: union(
      lists(({ obligations }) => obligations),
      (obligation) => obligation,
    ),
    bases: union(
      lists(({ bases }) => bases),
      basisKey,
    ),
    pii: stricterCounts(...lists(({ pii }) => pii)),
    policyHash: commonHash(outcomes),
  });
}

/** Names the copy that a recipient gets. Equal keys mean equal copies, whatever the reasons were. */
export function outcomeKey(outcome: Outcome): string {
  const { withheld, approvers, redactions } = outcome;
  if (!withheld && approvers.length === 0 && redactions.length === 0) return PLAIN_KEY;
  return keyOf(joinOutcomes(outcome));
}

function keyOf({ withheld, approvers, redactions }: Outcome): string {
  return JSON.stringify([withheld, approvers, redactions.map((one) => [one.path, one.op, one.class])]);
}

const PLAIN_KEY = keyOf(NOTHING);

/** How many people's data would cross in any form. */
export function individualsCrossing({ pii }: Outcome): number {
  return pii.reduce((sum, { individuals, op }) => sum + (op === "drop" ? 0 : individuals), 0);
}

/** Each place and kind once, in their order, with the stricter operation. */
export function stricterRedactions(...lists: readonly (readonly Redaction[])[]): readonly Redaction[] {
  return union(lists, placeOf, stricter);
}

export function stricterCounts(...lists: readonly (readonly PiiCount[])[]): readonly PiiCount[] {
  return union(lists, (count) => count.class, most);
}

function placeOf({ path, class: kind }: Redaction): string {
  return path + SEPARATOR + kind;
}

function stricter(a: Redaction, b: Redaction): Redaction {
  return stricterOperation(a.op, b.op) === a.op ? a : b;
}

function most(a: PiiCount, b: PiiCount): PiiCount {
  return {
    class: a.class,
    individuals: Math.max(a.individuals, b.individuals),
    op: stricterOperation(a.op, b.op),
  };
}

function reasonKey({ rule, code, source, guide, paths }: Reason): string {
  return [rule, code, source, guide ?? "", ...paths].join(SEPARATOR);
}

function basisKey({ pair, version, id, kind, status }: BasisUse): string {
  return [pair, version, id, kind, status].join(SEPARATOR);
}

function earliest(hours: readonly (number | null)[]): number | null {
  const given = hours.filter((each) => each !== null);
  return given.length === 0 ? null : Math.min(...given);
}

function commonHash(outcomes: readonly Outcome[]): string {
  const [first = "", ...others] = new Set(outcomes.map(({ policyHash }) => policyHash).filter(Boolean));
  if (others.length > 0) throw new RangeError("decided under different policies");
  return first;
}

/** Of those with one key, what `join` makes of them. */
function union<T>(
  lists: readonly (readonly T[])[],
  key: (item: T) => string,
  join: (a: T, b: T) => T = (first) => first,
): readonly T[] {
  const filled = lists.filter((list) => list.length > 0);
  const [only = []] = filled;
  if (filled.length < 2 && only.length < 2) return only;
  const byKey = new Map<string, T>();
  for (const item of filled.flat()) {
    const name = key(item);
    const known = byKey.get(name);
    byKey.set(name, known === undefined ? item : join(known, item));
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
