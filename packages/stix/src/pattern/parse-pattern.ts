import { isTimestamp } from "../version/timestamp.ts";
import { readComparison } from "./parse-comparison.ts";
import { readNumber } from "./parse-constant.ts";
import type { Observation, Qualifier } from "./syntax.ts";
import { PatternFault } from "./token.ts";
import { TokenReader } from "./token-reader.ts";

export type PatternResult =
  | { ok: true; observation: Observation }
  | { ok: false; message: string; line: number; column: number };

/**
 * Parses a STIX pattern (chapter 9) in linear time. Follows the text of the specification where the grammar
 * of its validators takes more (`==`, `<>`, comments, a leading `+`, `IN ()`): those are refused. Where the grammar
 * takes less (`007`; §9.2 wants digits without a plus sign and says no more), those are taken.
 */
export function parsePattern(pattern: string): PatternResult {
  try {
    const reader = new TokenReader(pattern);
    const observation = readSequence(reader);
    if (reader.next.kind !== "end") reader.fail("expected the end");
    return { ok: true, observation };
  } catch (fault) {
    if (!(fault instanceof PatternFault)) throw fault;
    const before = pattern.slice(0, fault.offset).split("\n");
    const column = (before.at(-1) ?? "").length + 1;
    return { ok: false, message: fault.message, line: before.length, column };
  }
}

/** §9.5.3: parentheses bind tightest, then AND, OR, FOLLOWEDBY. */
function readSequence(reader: TokenReader): Observation {
  return readChain(reader, "FOLLOWEDBY", "followed-by", () =>
    readChain(reader, "OR", "or", () => readChain(reader, "AND", "and", () => readQualified(reader))),
  );
}

function readChain(
  reader: TokenReader,
  keyword: string,
  kind: "and" | "or" | "followed-by",
  read: () => Observation,
): Observation {
  const first = read();
  const operands = [first];
  while (reader.skip(keyword)) operands.push(read());
  return operands.length === 1 ? first : { kind, operands };
}

/** §9.5.1: qualifiers bind to the nearest expression, each kind once. */
function readQualified(reader: TokenReader): Observation {
  let observation = readOperand(reader);
  const seen = new Set<string>();
  for (;;) {
    const { offset, text } = reader.next;
    const qualifier = readQualifier(reader);
    if (qualifier === undefined) return observation;
    if (seen.has(qualifier.kind)) throw new PatternFault(`a second ${text}`, offset);
    seen.add(qualifier.kind);
    observation = { kind: "qualified", observation, qualifier };
  }
}

function readOperand(reader: TokenReader): Observation {
  if (reader.skip("(")) {
    const inner = reader.nested(() => readSequence(reader));
    reader.expect(")");
    return inner;
  }
  reader.expect("[");
  const comparison = readComparison(reader);
  reader.expect("]");
  return { kind: "observe", comparison };
}

function readQualifier(reader: TokenReader): Qualifier | undefined {
  if (reader.skip("WITHIN")) {
    const seconds = readPositive(reader, ["integer", "float"]);
    reader.expect("SECONDS");
    return { kind: "within", seconds };
  }
  if (reader.skip("REPEATS")) {
    const times = readPositive(reader, ["integer"]);
    reader.expect("TIMES");
    return { kind: "repeats", times };
  }
  if (!reader.skip("START")) return undefined;
  const start = readInstant(reader);
  reader.expect("STOP");
  // A STOP that is not after its START is no error (§9.5.1): nothing is observed between them.
  return { kind: "start-stop", start, stop: readInstant(reader) };
}

function readPositive(reader: TokenReader, kinds: readonly string[]): number {
  const { offset } = reader.next;
  const { kind, value } = readNumber(reader);
  if (!kinds.includes(kind) || !(Number(value) > 0))
    throw new PatternFault("expected a positive number", offset);
  // Digits without end are a number beyond all that there is to count.
  return Math.min(Number(value), Number.MAX_VALUE);
}

function readInstant(reader: TokenReader): string {
  const { kind, value } = reader.next;
  if (kind !== "timestamp" || !isTimestamp(value))
    reader.fail("expected a timestamp such as t'2020-01-02T03:04:05Z'");
  reader.take();
  return value;
}
