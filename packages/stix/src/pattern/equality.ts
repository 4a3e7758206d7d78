import { parsePattern } from "./parse-pattern.ts";
import type { Comparison, Constant, Observation, Step } from "./syntax.ts";

/** `type:path` compared with a constant for equality. Steps are joined by dots, quotes dropped. */
export type Equality = { type: string; path: string; value: string };

/**
 * The values that a pattern names outright: comparisons by `=` and `IN` without NOT. They tell what to look
 * up, not whether the pattern matches. An unreadable pattern names nothing.
 */
export function equalitiesOf(pattern: string): Equality[] {
  const parsed = parsePattern(pattern);
  const found: Equality[] = [];
  if (parsed.ok) fromObservation(parsed.observation, found);
  return found;
}

function fromObservation(observation: Observation, found: Equality[]): void {
  if (observation.kind === "observe") fromComparison(observation.comparison, found);
  else if (observation.kind === "qualified") fromObservation(observation.observation, found);
  else for (const operand of observation.operands) fromObservation(operand, found);
}

function fromComparison(comparison: Comparison, found: Equality[]): void {
  if (comparison.kind === "and" || comparison.kind === "or") {
    for (const operand of comparison.operands) fromComparison(operand, found);
  } else if (comparison.kind === "test" && !comparison.not) {
    if (comparison.operator !== "=" && comparison.operator !== "IN") return;
    const path = comparison.path.steps.map(stepText).join(".");
    for (const constant of comparison.values) {
      found.push({ type: comparison.path.type, path, value: textOf(constant) });
    }
  }
}

function stepText(step: Step): string {
  if (step.kind === "property") return step.name;
  return step.kind === "any" ? "[*]" : `[${step.index}]`;
}

function textOf(constant: Constant): string {
  return String(constant.value);
}
