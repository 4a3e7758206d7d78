import { parsePattern } from "../pattern/parse-pattern.ts";
import type { Comparison, Observation } from "../pattern/syntax.ts";
import { type Place, placeOf } from "./property-kind.ts";
import { type ObservableValue, valueAt } from "./value-at.ts";

/** What a device that knows values alone can match of a pattern. */
export type ValuesAlone =
  /** `others`: alternatives that name no observable value, or none that is valid. */
  { isPlain: true; values: readonly ObservableValue[]; others: number } | { isPlain: false };

/** Who is seen at the value is another than whom the pattern is about: not to be matched by the value alone. */
const BESIDE: ReadonlySet<string> = new Set(["domain-name:resolves_to_refs.[*].value", "vulnerability:name"]);
/** What a certificate is known by is no file's hash. */
const OF_A_CERTIFICATE = "x509-certificate";

type Test = Extract<Comparison, { kind: "test" }>;

/**
 * The values each of which makes a pattern match by itself: a comparison by `=` or `IN`, or several joined by OR. A
 * pattern that asks for more (AND, NOT, FOLLOWEDBY, qualifiers, other operators) is not plain: its values alone would
 * match what it does not.
 */
export function valuesAlone(pattern: string): ValuesAlone {
  const parsed = parsePattern(pattern);
  const tests: Test[] = [];
  if (!parsed.ok || !fromObservation(parsed.observation, tests)) return { isPlain: false };
  const found = new Map<string, ObservableValue>();
  let others = 0;
  for (const test of tests) {
    const place = placeOfTest(test);
    for (const { value } of test.values) {
      const known = place === undefined ? undefined : valueAt(place, String(value));
      if (known === undefined) others += 1;
      else found.set(`${known.kind}:${known.value}`, known);
    }
  }
  return { isPlain: true, values: [...found.values()], others };
}

/** Collects the tests of alternatives; false where the pattern has anything else. */
function fromObservation(observation: Observation, tests: Test[]): boolean {
  if (observation.kind === "observe") return fromComparison(observation.comparison, tests);
  return (
    observation.kind === "or" && observation.operands.every((operand) => fromObservation(operand, tests))
  );
}

function fromComparison(comparison: Comparison, tests: Test[]): boolean {
  if (comparison.kind === "or") return comparison.operands.every((operand) => fromComparison(operand, tests));
  if (comparison.kind !== "test" || comparison.not) return false;
  if (comparison.operator !== "=" && comparison.operator !== "IN") return false;
  tests.push(comparison);
  return true;
}

function placeOfTest({ path: { type, steps } }: Test): Place | undefined {
  const path = steps
    .map((step) => (step.kind === "property" ? step.name : step.kind === "any" ? "[*]" : `[${step.index}]`))
    .join(".");
  return type === OF_A_CERTIFICATE || BESIDE.has(`${type}:${path}`) ? undefined : placeOf(type, path);
}
