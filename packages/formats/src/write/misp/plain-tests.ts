import { type Comparison, type Observation, parsePattern } from "@suar/stix";

/** A value that a pattern asks for at a place of an object. */
export type PlainTest = { type: string; path: string; value: string };

/** The tests of a pattern that is one comparison by `=` or `IN`, or several joined by OR; undefined where it is more. */
export function plainTests(pattern: string): PlainTest[] | undefined {
  const parsed = parsePattern(pattern);
  const tests: PlainTest[] = [];
  return parsed.ok && ofObservation(parsed.observation, tests) ? tests : undefined;
}

function ofObservation(observation: Observation, tests: PlainTest[]): boolean {
  if (observation.kind === "observe") return ofComparison(observation.comparison, tests);
  return observation.kind === "or" && observation.operands.every((one) => ofObservation(one, tests));
}

function ofComparison(comparison: Comparison, tests: PlainTest[]): boolean {
  if (comparison.kind === "or") return comparison.operands.every((one) => ofComparison(one, tests));
  if (comparison.kind !== "test" || comparison.not) return false;
  if (comparison.operator !== "=" && comparison.operator !== "IN") return false;
  const { type, steps } = comparison.path;
  const path = steps
    .map((step) => (step.kind === "property" ? step.name : step.kind === "any" ? "[]" : `${step.index}`))
    .join(".");
  for (const { value } of comparison.values) tests.push({ type, path, value: String(value) });
  return true;
}
