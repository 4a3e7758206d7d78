import { readConstant, readOrderable, readPlainString, readSet } from "./parse-constant.ts";
import type { Comparison, ComparisonOperator, ObjectPath, Step } from "./syntax.ts";
import { PatternFault } from "./token.ts";
import type { TokenReader } from "./token-reader.ts";

/** §9.6, what stands between brackets: OR binds looser than AND. */
export function readComparison(reader: TokenReader): Comparison {
  return readChain(reader, "OR", "or", () => readConjunction(reader));
}

function readConjunction(reader: TokenReader): Comparison {
  const { offset } = reader.next;
  const comparison = readChain(reader, "AND", "and", () => readTest(reader));
  // One observation sees one object at a time, so operands of AND must share a root type (§9.5).
  if (comparison.kind === "and" && rootTypes(comparison).size === 0) {
    throw new PatternFault("comparisons joined by AND must be about the same type of object", offset);
  }
  return comparison;
}

function readChain(
  reader: TokenReader,
  keyword: "AND" | "OR",
  kind: "and" | "or",
  read: () => Comparison,
): Comparison {
  const first = read();
  if (reader.next.text !== keyword || reader.next.kind !== "keyword") return first;
  const operands = [first];
  while (reader.skip(keyword)) operands.push(read());
  return { kind, operands };
}

function readTest(reader: TokenReader): Comparison {
  if (reader.skip("(")) {
    const inner = reader.nested(() => readComparison(reader));
    reader.expect(")");
    return inner;
  }
  const notExists = reader.skip("NOT");
  if (reader.skip("EXISTS")) return { kind: "exists", path: readPath(reader), not: notExists };
  if (notExists) reader.fail("expected EXISTS");
  const path = readPath(reader);
  const not = reader.skip("NOT");
  const operator = readOperator(reader);
  return { kind: "test", path, not, operator, values: readValues(reader, operator) };
}

const OPERATORS: ReadonlySet<string> = new Set<ComparisonOperator>([
  "=",
  "!=",
  ">",
  "<",
  ">=",
  "<=",
  "IN",
  "LIKE",
  "MATCHES",
  "ISSUBSET",
  "ISSUPERSET",
]);

function readOperator(reader: TokenReader): ComparisonOperator {
  const { kind, text } = reader.next;
  if ((kind !== "operator" && kind !== "keyword") || !OPERATORS.has(text)) {
    reader.fail("expected a comparison operator");
  }
  reader.take();
  return text as ComparisonOperator;
}

function readValues(reader: TokenReader, operator: ComparisonOperator) {
  switch (operator) {
    case "IN":
      return readSet(reader);
    case "LIKE":
    case "MATCHES":
    case "ISSUBSET":
    case "ISSUPERSET":
      return [readPlainString(reader)];
    case "=":
    case "!=":
      return [readConstant(reader)];
    default:
      return [readOrderable(reader)];
  }
}

/** §9.7: `type:first.second[0].'quoted-step'`. */
function readPath(reader: TokenReader): ObjectPath {
  if (reader.next.kind !== "word") reader.fail("expected an object path");
  const type = reader.take().text;
  reader.expect(":");
  const steps = [readProperty(reader)];
  for (;;) {
    if (reader.skip(".")) steps.push(readProperty(reader));
    else if (reader.skip("[")) steps.push(readIndex(reader));
    else return { type, steps };
  }
}

/** A step with a hyphen must be quoted (§9.7). */
function readProperty(reader: TokenReader): Step {
  const { kind, value, text } = reader.next;
  if (kind !== "string" && (kind !== "word" || text.includes("-"))) reader.fail("expected a property");
  reader.take();
  return { kind: "property", name: value };
}

function readIndex(reader: TokenReader): Step {
  if (reader.skip("*")) {
    reader.expect("]");
    return { kind: "any" };
  }
  const { kind, text } = reader.next;
  if (kind !== "integer" || text.startsWith("-")) reader.fail("expected an index");
  reader.take();
  reader.expect("]");
  return { kind: "index", index: Number(text) };
}

/** The types that some object could have and satisfy the comparison. */
function rootTypes(comparison: Comparison): Set<string> {
  if (comparison.kind === "test" || comparison.kind === "exists") return new Set([comparison.path.type]);
  const sets = comparison.operands.map(rootTypes);
  return sets.reduce((all, one) => (comparison.kind === "or" ? all.union(one) : all.intersection(one)));
}
