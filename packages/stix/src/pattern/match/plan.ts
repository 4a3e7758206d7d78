import type { Observation } from "../syntax.ts";
import { compileComparison } from "./compile-comparison.ts";
import { duration, instant, type Observed } from "./observed.ts";
import type { Work } from "./work.ts";

/** A pattern prepared for what was observed: which observations each pair of brackets could be about. */
export type Plan =
  | { kind: "observe"; candidates: readonly number[] }
  | { kind: "and" | "or" | "followed-by"; operands: readonly Plan[] }
  | { kind: "within"; plan: Plan; width: bigint }
  | { kind: "repeats"; plan: Plan; times: number };

/** START and STOP of enclosing qualifiers: half-open (§9.5.1). */
type Span = { start: bigint; stop: bigint };
const EVER: Span = { start: -(10n ** 30n), stop: 10n ** 30n };

/**
 * Tests each comparison against each observation, once. START and STOP are about every observation within them, and
 * so they go into the candidates: an observation could have been made at any time from its first to its last.
 */
export function planFor(
  observation: Observation,
  observed: readonly Observed[],
  work: Work,
  span: Span = EVER,
): Plan {
  switch (observation.kind) {
    case "observe": {
      const test = compileComparison(observation.comparison, work);
      const isCandidate = ({ first, last, objects }: Observed): boolean =>
        overlaps({ first, last }, span) && objects.values().some((object) => test(object, objects));
      return {
        kind: "observe",
        candidates: observed.flatMap((one, index) => (isCandidate(one) ? [index] : [])),
      };
    }
    case "qualified": {
      const { qualifier, observation: inner } = observation;
      if (qualifier.kind === "start-stop") {
        return planFor(
          inner,
          observed,
          work,
          within(span, instant(qualifier.start), instant(qualifier.stop)),
        );
      }
      const plan = planFor(inner, observed, work, span);
      if (qualifier.kind === "repeats") return { kind: "repeats", plan, times: qualifier.times };
      return { kind: "within", plan, width: duration(qualifier.seconds) };
    }
    default: {
      const operands = observation.operands.map((operand) => planFor(operand, observed, work, span));
      return { kind: observation.kind, operands };
    }
  }
}

/** What a START and a STOP leave of the span of those around them. */
function within({ start, stop }: Span, from: bigint, to: bigint): Span {
  return { start: from > start ? from : start, stop: to < stop ? to : stop };
}

function overlaps({ first, last }: Pick<Observed, "first" | "last">, { start, stop }: Span): boolean {
  return start < stop && first < stop && last >= start;
}

/** How many observations a plan needs, of which. Times are left out; undefined where it may choose (OR). */
export type Demand = { candidates: readonly number[]; times: number };

export function demandsOf(plan: Plan, times = 1): Demand[] | undefined {
  switch (plan.kind) {
    case "observe":
      return [{ candidates: plan.candidates, times }];
    case "within":
      return demandsOf(plan.plan, times);
    case "repeats":
      return demandsOf(plan.plan, times * plan.times);
    case "or":
      return undefined;
    default: {
      const demands = plan.operands.map((operand) => demandsOf(operand, times));
      return demands.includes(undefined) ? undefined : demands.flatMap((demand) => demand ?? []);
    }
  }
}

export function hasTimes(plan: Plan): boolean {
  if (plan.kind === "within" || plan.kind === "followed-by") return true;
  if (plan.kind === "repeats") return hasTimes(plan.plan);
  return plan.kind !== "observe" && plan.operands.some(hasTimes);
}
