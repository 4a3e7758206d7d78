import type { Comparison, Constant } from "../syntax.ts";
import { compareWith } from "./compare-values.ts";
import type { Seen } from "./observed.ts";
import { type Found, followsReferences, valuesAt } from "./path-values.ts";
import { like, matches, subset, superset } from "./text-tests.ts";
import type { Work } from "./work.ts";

/** Whether one object satisfies a comparison; `objects` are those that its references may lead to. */
export type ObjectTest = (object: Seen, objects: ReadonlyMap<string, Seen>) => boolean;

type TestOf = Extract<Comparison, { kind: "test" }>;

/**
 * What stands between brackets (§9.6), for one object: comparisons joined by AND are about the same one. A path
 * that is absent satisfies nothing, whatever the operator; of several values one is enough.
 */
export function compileComparison(comparison: Comparison, work: Work): ObjectTest {
  const test = compile(comparison, work);
  return leavesObject(comparison) ? test : oncePerObject(test);
}

function compile(comparison: Comparison, work: Work): ObjectTest {
  switch (comparison.kind) {
    case "and": {
      const tests = comparison.operands.map((operand) => compile(operand, work));
      return (object, objects) => tests.every((test) => test(object, objects));
    }
    case "or": {
      const tests = comparison.operands.map((operand) => compile(operand, work));
      return (object, objects) => tests.some((test) => test(object, objects));
    }
    case "exists": {
      const { path, not } = comparison;
      return (object, objects) =>
        object.type === path.type && valuesAt(path, object, objects, work).length > 0 !== not;
    }
    case "test": {
      const { path } = comparison;
      const test = compileTest(comparison, work);
      return (object, objects) => valuesAt(path, object, objects, work).some(test);
    }
  }
}

/** Whether a comparison follows references, so that it matters which other objects there are. */
function leavesObject(comparison: Comparison): boolean {
  if ("operands" in comparison) return comparison.operands.some(leavesObject);
  return followsReferences(comparison.path);
}

/** An object may be part of any number of observations; where the others there do not matter, it is tested once. */
function oncePerObject(test: ObjectTest): ObjectTest {
  const known = new Map<Seen, boolean>();
  return (object, objects) => {
    const result = known.get(object) ?? test(object, objects);
    known.set(object, result);
    return result;
  };
}

function compileTest({ operator, values, not }: TestOf, work: Work): (value: Found) => boolean {
  const first = values[0] as Constant;
  const text = String(first.value);
  switch (operator) {
    case "=":
    case "!=": {
      // What cannot be compared is not equal.
      const equal = equals(first);
      return (value) => (equal(value) === (operator === "=")) !== not;
    }
    case "IN": {
      const each = values.map(equals);
      return (value) => {
        work.spend(each.length);
        return each.some((equal) => equal(value)) !== not;
      };
    }
    case "LIKE":
      return negatable(like(text, work), not);
    case "MATCHES":
      return negatable(matches(text, work), not);
    case "ISSUBSET":
      return negatable(subset(text), not);
    case "ISSUPERSET":
      return negatable(superset(text), not);
    default:
      return ordered(operator, first, not);
  }
}

function equals(constant: Constant): (value: Found) => boolean {
  const compare = compareWith(constant);
  return (value) => compare(value) === 0;
}

/** Of what cannot be ordered, neither an operator nor its negation holds. */
function ordered(operator: ">" | "<" | ">=" | "<=", constant: Constant, not: boolean) {
  const compare = compareWith(constant);
  return (value: Found): boolean => {
    const order = compare(value);
    if (order === undefined) return false;
    const holds =
      (operator.startsWith(">") ? order > 0 : order < 0) || (operator.length === 2 && order === 0);
    return holds !== not;
  };
}

function negatable(test: (value: Found) => boolean, not: boolean): (value: Found) => boolean {
  return not ? (value) => !test(value) : test;
}
