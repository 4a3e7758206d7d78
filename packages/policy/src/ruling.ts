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
  approvers: readonly string[] = NONE;
  obligations: Outcome["obligations"] = NONE;
  bases: Outcome["bases"] = NONE;
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
    this.obligations = added(this.obligations, obligations);
  }

  ground(bases: Outcome["bases"]): void {
    this.bases =
      this.bases.length === 0 ? bases : [...this.bases, ...bases].sort((a, b) => (a.pair < b.pair ? -1 : 1));
  }

  treat(redactions: readonly Redaction[], pii: readonly PiiCount[]): void {
    this.redactions =
      this.redactions.length === 0 ? redactions : stricterRedactions(this.redactions, redactions);
    this.pii = this.pii.length === 0 ? pii : stricterCounts(this.pii, pii);
  }

  /** Only the reasons that decided are told: a reason to permit would mislead beside a withholding. */
  outcome(policyHash: string): Outcome {
    const { withheld, redactions, approvers } = this;
    const reasons = withheld ? this.restrictions : this.permissions.concat(this.restrictions);
    return {
      decision: decisionOf({ withheld, approvers, redactions }),
      withheld,
      approvers,
      fourEyes: this.fourEyes,
      deadlineHours: this.deadlineHours,
      redactions,
      reasons: sorted(reasons),
      obligations: this.obligations,
      bases: this.bases,
      pii: this.pii,
      policyHash,
    };
  }
}

/** Both are sorted sets; mostly one of them is empty. */
function added<Item extends string>(known: readonly Item[], more: readonly Item[]): readonly Item[] {
  if (more.length === 0) return known;
  return known.length === 0 ? more : [...new Set([...known, ...more])].sort();
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
