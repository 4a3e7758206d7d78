import type { Observation } from "../syntax.ts";
import { compileComparison } from "./compile-comparison.ts";
import { duration, instant, type Observed } from "./observed.ts";

/** A pattern prepared for what was observed: which observations each pair of brackets could be about. */
export type Plan =
  | { kind: "observe"; candidates: readonly number[] }
  | { kind: "and" | "or" | "followed-by"; operands: readonly Plan[] }
  | { kind: "within"; plan: Plan; width: bigint }
  | { kind: "repeats"; plan: Plan; times: number };

/** START and STOP of enclosing qualifiers: half-open (§9.4). */
type Span = { start: bigint; stop: bigint };

/**
 * Tests each comparison against each observation, once. START and STOP are about every observation within them, and
 * so they go into the candidates: an observation could have been made at any time from its first to its last.
 */
export function planFor(
  observation: Observation,
  observed: readonly Observed[],
  spans: readonly Span[] = [],
): Plan {
  switch (observation.kind) {
    case "observe": {
      const test = compileComparison(observation.comparison);
      const isCandidate = ({ first, last, objects }: Observed): boolean =>
        spans.every(({ start, stop }) => first < stop && last >= start) &&
        objects.values().some((object) => test(object, objects));
      return {
        kind: "observe",
        candidates: observed.flatMap((one, index) => (isCandidate(one) ? [index] : [])),
      };
    }
    case "qualified": {
      const { qualifier, observation: inner } = observation;
      if (qualifier.kind === "start-stop") {
        const span = { start: instant(qualifier.start), stop: instant(qualifier.stop) };
        return planFor(inner, observed, [...spans, span]);
      }
      const plan = planFor(inner, observed, spans);
      if (qualifier.kind === "repeats") return { kind: "repeats", plan, times: qualifier.times };
      return { kind: "within", plan, width: duration(qualifier.seconds) };
    }
    default: {
      const operands = observation.operands.map((operand) => planFor(operand, observed, spans));
      return { kind: observation.kind, operands };
    }
  }
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
