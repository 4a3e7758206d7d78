import { isTimestamp } from "../version/timestamp.ts";
import type { Constant } from "./syntax.ts";
import { PatternFault, type Token } from "./token.ts";
import type { TokenReader } from "./token-reader.ts";

/** Any constant (§9.2). */
export function readConstant(reader: TokenReader): Constant {
  const { kind, text } = reader.next;
  if (kind === "keyword" && (text === "true" || text === "false")) {
    reader.take();
    return { kind: "boolean", value: text === "true" };
  }
  return readOrderable(reader);
}

/** `5` or `.5`, as WITHIN and REPEATS take them. */
export function readNumber(reader: TokenReader): Constant {
  const { kind, text, value } = reader.next;
  if (kind === "mark" && text === ".") return readDottedFloat(reader);
  if (kind !== "integer" && kind !== "float") reader.fail("expected a number");
  reader.take();
  return { kind, value };
}

/** A constant that can be ordered: all but booleans. */
export function readOrderable(reader: TokenReader): Constant {
  const token = reader.next;
  switch (token.kind) {
    case "mark":
      return readDottedFloat(reader);
    case "hex":
    case "binary":
    case "timestamp":
      checkQuoted(reader, token);
      break;
    case "string":
    case "integer":
    case "float":
      break;
    default:
      reader.fail("expected a value");
  }
  reader.take();
  // §9.2: line feeds within base64 are taken and ignored.
  const value = token.kind === "binary" ? withoutLineEnds(token.value) : token.value;
  return { kind: token.kind, value };
}

export function readPlainString(reader: TokenReader): Constant {
  const { kind, value } = reader.next;
  if (kind !== "string") reader.fail("expected a string");
  reader.take();
  return { kind: "string", value };
}

/** §9.6.1, IN: at least one constant between parentheses, all of one type. */
export function readSet(reader: TokenReader): Constant[] {
  reader.expect("(");
  const values = [readConstant(reader)];
  while (reader.skip(",")) {
    const { next } = reader;
    const value = readConstant(reader);
    if (typeOf(value) !== typeOf(values[0])) {
      throw new PatternFault("the values of a set must be of one type", next.offset);
    }
    values.push(value);
  }
  reader.expect(")");
  return values;
}

/** §9.2: whole and other numbers can be told apart as little as hexadecimal and base64. */
function typeOf(constant: Constant | undefined): string | undefined {
  if (constant?.kind === "integer") return "float";
  return constant?.kind === "hex" ? "binary" : constant?.kind;
}

/** `.5` reaches us as a dot and an integer, since a dot also joins the steps of a path. */
function readDottedFloat(reader: TokenReader): Constant {
  const { offset } = reader.next;
  if (!reader.skip(".")) reader.fail("expected a value");
  const { kind, text, offset: digits } = reader.next;
  if (kind !== "integer" || text.startsWith("-") || digits !== offset + 1) reader.fail("expected digits");
  reader.take();
  return { kind: "float", value: `0.${text}` };
}

function checkQuoted(reader: TokenReader, token: Token): void {
  const { kind } = token;
  const value = kind === "binary" ? withoutLineEnds(token.value) : token.value;
  if (kind === "timestamp" && !isTimestamp(value)) reader.fail("expected a timestamp");
  if (kind === "hex" && !/^(?:[0-9a-fA-F]{2})*$/.test(value)) reader.fail("expected hexadecimal digits");
  if (kind === "binary" && (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))) {
    reader.fail("expected base64");
  }
}

function withoutLineEnds(text: string): string {
  return text.replaceAll(/[\r\n]/g, "");
}
