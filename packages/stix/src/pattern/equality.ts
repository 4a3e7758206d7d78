import { parsePattern } from "./parse-pattern.ts";
import type { Comparison, Constant, Observation, Step } from "./syntax.ts";

/** `type:path` compared with a constant for equality. Steps are joined by dots, quotes dropped. */
export type Equality = { type: string; path: string; value: string };

const OUTRIGHT: ReadonlySet<string> = new Set(["=", "IN"]);
const OR_WITHIN: ReadonlySet<string> = new Set([...OUTRIGHT, "ISSUBSET"]);

/**
 * The values that a pattern names outright: comparisons by `=` and `IN` without NOT. They tell what to look
 * up, not whether the pattern matches. An unreadable pattern names nothing.
 */
export function equalitiesOf(pattern: string): Equality[] {
  return namedBy(pattern, OUTRIGHT);
}

/** Those, and the networks that something is said to lie in (`ISSUBSET`). */
export function namedWithNetworks(pattern: string): Equality[] {
  return namedBy(pattern, OR_WITHIN);
}

function namedBy(pattern: string, operators: ReadonlySet<string>): Equality[] {
  const parsed = parsePattern(pattern);
  const found: Equality[] = [];
  if (parsed.ok) fromObservation(parsed.observation, operators, found);
  return found;
}

function fromObservation(observation: Observation, by: ReadonlySet<string>, found: Equality[]): void {
  if (observation.kind === "observe") fromComparison(observation.comparison, by, found);
  else if (observation.kind === "qualified") fromObservation(observation.observation, by, found);
  else for (const operand of observation.operands) fromObservation(operand, by, found);
}

function fromComparison(comparison: Comparison, by: ReadonlySet<string>, found: Equality[]): void {
  if (comparison.kind === "and" || comparison.kind === "or") {
    for (const operand of comparison.operands) fromComparison(operand, by, found);
  } else if (comparison.kind === "test" && !comparison.not) {
    if (!by.has(comparison.operator)) return;
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
