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
    return {
      decision: decisionOf({ withheld, approvers, redactions }),
      withheld,
      approvers,
      fourEyes: this.fourEyes,
      deadlineHours: this.deadlineHours,
      redactions,
      reasons: inOrder(withheld ? NONE : this.permissions, this.restrictions),
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
  if (known.length === 0) return more;
  const all: Item[] = [];
  let next = 0;
  for (const one of known) {
    let other = more[next];
    for (; other !== undefined && other < one; other = more[next]) {
      all.push(other);
      next += 1;
    }
    if (other === one) next += 1;
    all.push(one);
  }
  for (; next < more.length; next += 1) all.push(more[next] as Item);
  return all;
}

/** By insertion: there are few, and mostly they come in order already. */
function inOrder(permissions: readonly Reason[], restrictions: readonly Reason[]): Reason[] {
  const reasons: Reason[] = [];
  for (const one of permissions) insert(reasons, one);
  for (const one of restrictions) insert(reasons, one);
  return reasons;
}

function insert(reasons: Reason[], one: Reason): void {
  let at = reasons.push(one) - 1;
  for (let before = reasons[at - 1]; before !== undefined && isAfter(before, one); before = reasons[at - 1]) {
    reasons[at] = before;
    at -= 1;
  }
  reasons[at] = one;
}

function isAfter(a: Reason, b: Reason): boolean {
  return a.rule > b.rule || (a.rule === b.rule && a.code > b.code);
}
