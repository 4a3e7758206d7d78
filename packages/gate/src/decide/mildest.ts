import type { Outcome } from "@suar/policy";

type Weighed = Pick<Outcome, "approvers" | "redactions">;

const MOST_REDACTIONS = 1_000_000;

/** How much an outcome asks of whoever is to have something: somebody's agreement is more than anything left out. */
export function weightOf({ approvers, redactions }: Weighed): number {
  return (approvers.length > 0 ? MOST_REDACTIONS : 0) + redactions.length;
}

/** Who has it by several sayings has it by the one that asks the least; of equals, the first. */
export function mildest<W extends Weighed>(outcomes: readonly W[]): W | undefined {
  return outcomes.reduce<W | undefined>(
    (least, one) => (least === undefined || weightOf(one) < weightOf(least) ? one : least),
    undefined,
  );
}
