import {
  decisionOf,
  type Outcome,
  type PiiCount,
  type Redaction,
  stricterCounts,
  stricterRedactions,
} from "./outcome.ts";
import type { Reason } from "./reason.ts";

const NONE: readonly never[] = [];

/**
 * An outcome in the making: what each rule says is added, and nothing is ever taken away. It does what
 * `joinOutcomes` does, without making an outcome of every rule's word.
 */
export class Ruling {
  withheld = false;
  fourEyes = false;
  deadlineHours: number | null = null;
  permitted = false;
  readonly permissions: Reason[] = [];
  readonly restrictions: Reason[] = [];
  approvers: string[] | undefined;
  obligations: Outcome["obligations"][number][] | undefined;
  bases: Outcome["bases"][number][] | undefined;
  redactions: readonly Redaction[] = NONE;
  pii: readonly PiiCount[] = NONE;

  permit(reason: Reason): void {
    this.permitted = true;
    this.permissions.push(reason);
  }

  withhold(reason: Reason): void {
    this.withheld = true;
    this.restrictions.push(reason);
  }

  askFirst(approvers: readonly string[], fourEyes: boolean, hours: number): void {
    this.approvers = added(this.approvers, approvers);
    this.fourEyes ||= fourEyes;
    this.deadlineHours = this.deadlineHours === null ? hours : Math.min(this.deadlineHours, hours);
  }

  oblige(obligations: Outcome["obligations"]): void {
    if (obligations.length > 0) this.obligations = added(this.obligations, obligations);
  }

  treat(redactions: readonly Redaction[], pii: readonly PiiCount[]): void {
    this.redactions =
      this.redactions.length === 0 ? redactions : stricterRedactions(this.redactions, redactions);
    this.pii = this.pii.length === 0 ? pii : stricterCounts(this.pii, pii);
  }

  /** Only the reasons that decided are told: a reason to permit would mislead beside a withholding. */
  outcome(policyHash: string): Outcome {
    const approvers = this.approvers?.sort() ?? NONE;
    const { withheld, redactions } = this;
    const reasons = withheld ? this.restrictions : this.permissions.concat(this.restrictions);
    return {
      decision: decisionOf({ withheld, approvers, redactions }),
      withheld,
      approvers,
      fourEyes: this.fourEyes,
      deadlineHours: this.deadlineHours,
      redactions,
      reasons: sorted(reasons),
      obligations: this.obligations?.sort() ?? NONE,
      bases: this.bases ?? NONE,
      pii: this.pii,
      policyHash,
    };
  }
}

function added<Item>(known: Item[] | undefined, more: readonly Item[]): Item[] {
  const all = known ?? [];
  for (const item of more) if (!all.includes(item)) all.push(item);
  return all;
}

/** By insertion: there are few, and mostly they stand in order already. */
function sorted(reasons: Reason[]): Reason[] {
  for (let end = 1; end < reasons.length; end += 1) {
    const moved = reasons[end];
    let at = end;
    for (; moved !== undefined && at > 0; at -= 1) {
      const before = reasons[at - 1];
      if (before === undefined || !isAfter(before, moved)) break;
      reasons[at] = before;
    }
    if (moved !== undefined) reasons[at] = moved;
  }
  return reasons;
}

function isAfter(a: Reason, b: Reason): boolean {
  return a.rule === b.rule ? a.code > b.code : a.rule > b.rule;
}
