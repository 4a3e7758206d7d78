import { isTimestamp } from "../timestamp.ts";
import type { Constant } from "./syntax.ts";
import type { Token } from "./token.ts";
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
  return { kind: token.kind, value: token.value };
}

export function readPlainString(reader: TokenReader): Constant {
  const { kind, value } = reader.next;
  if (kind !== "string") reader.fail("expected a string");
  reader.take();
  return { kind: "string", value };
}

/** §9.2, IN: at least one constant between parentheses. */
export function readSet(reader: TokenReader): Constant[] {
  reader.expect("(");
  const values = [readConstant(reader)];
  while (reader.skip(",")) values.push(readConstant(reader));
  reader.expect(")");
  return values;
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
  const { kind, value } = token;
  if (kind === "timestamp" && !isTimestamp(value)) reader.fail("expected a timestamp");
  if (kind === "hex" && !/^(?:[0-9a-fA-F]{2})*$/.test(value)) reader.fail("expected hexadecimal digits");
  if (kind === "binary" && (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))) {
    reader.fail("expected base64");
  }
}
