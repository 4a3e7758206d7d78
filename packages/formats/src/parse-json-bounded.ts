import { isUtf8 } from "node:buffer";
import { FormatError, WHOLE } from "./format-error.ts";
import { jsonFault } from "./json-fault.ts";
import { DIGITS_OF_DOUBT, isDigit, parseJsonExactly } from "./parse-json-exactly.ts";
import { placeInText } from "./place-in-text.ts";
import { utf8Fault } from "./utf8-fault.ts";

export type JsonLimits = { maxBytes: number; maxDepth: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const FORBIDDEN_LENGTHS = new Set([...FORBIDDEN].map((key) => key.length));
/** A forbidden key with every character written as an escape. */
const LONGEST_ESCAPED = 11 * 6;

/**
 * Parses JSON that strangers wrote. Size, encoding, depth and key names are checked by one loop over the bytes
 * before JSON.parse sees them, so that hostile nesting costs a counter and not the stack, and no key can reach
 * a prototype. A key that stands twice in an object is refused (I-JSON, RFC 7493 §2.3): of two markings one would count,
 * and who reads the same text elsewhere may see the other. A whole number that would come out as another one is read as Infinity. Throws a FormatError.
 */
export function parseJsonBounded(bytes: Uint8Array, { maxBytes, maxDepth }: JsonLimits): unknown {
  if (bytes.length > maxBytes) throw new FormatError("too-large", `More than ${maxBytes} bytes`, WHOLE);
  const json = withoutMark(bytes);
  if (!isUtf8(json))
    throw new FormatError("malformed-utf8", "Not UTF-8 text", placeInText(json, utf8Fault(json) ?? 0));
  const longDigits = scan(json, maxDepth);
  const text = Buffer.from(json.buffer, json.byteOffset, json.length).toString("utf8");
  if (text.trim() === "") throw new FormatError("empty", "There is nothing in it", "line 1");
  try {
    return longDigits ? parseJsonExactly(text) : JSON.parse(text);
  } catch (cause) {
    const where = placeInText(json, jsonFault(json) ?? 0);
    throw new FormatError("malformed-json", "Not well-formed JSON", where, { cause });
  }
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** An object of a page has room in a submission: one that no submission takes must not stand in the way of the rest. */
const OBJECT_LIMITS: JsonLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 150 };

/** Whether a text is JSON that is taken: bounded in size and depth, in UTF-8, without keys that are never allowed. */
export function takesJson(text: string): boolean {
  try {
    parseJsonBounded(Buffer.from(text), OBJECT_LIMITS);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** Refuses what must not be parsed, and tells whether a number may have more digits than a double. */
function scan(bytes: Uint8Array, maxDepth: number): boolean {
  const names: (Set<string> | undefined)[] = [];
  let depth = 0;
  let longDigits = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const open = at;
      at = endOfString(bytes, open);
      if (isKey(bytes, at)) refuseAgain(bytes, { open, close: at, names, depth });
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > maxDepth)
        throw new FormatError("too-deep", `Nested deeper than ${maxDepth}`, placeInText(bytes, at));
      names[depth] = undefined;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    else if (isDigit(byte)) {
      const first = at;
      while (isDigit(bytes[at + 1])) at += 1;
      longDigits ||= at - first >= DIGITS_OF_DOUBT - 1;
    }
  }
  return longDigits;
}

/** Position of the closing quote. Refuses a forbidden key on the way. */
function endOfString(bytes: Uint8Array, open: number): number {
  let escaped = false;
  let at = open + 1;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) break;
    if (byte === BACKSLASH) {
      escaped = true;
      at += 1;
    }
  }
  const length = at - open - 1;
  if (escaped ? length <= LONGEST_ESCAPED : FORBIDDEN_LENGTHS.has(length))
    refuseForbiddenKey(bytes, open, at);
  return at;
}

function refuseForbiddenKey(bytes: Uint8Array, open: number, close: number): void {
  if (!isKey(bytes, close)) return;
  const key = unescaped(Buffer.from(bytes.subarray(open, close + 1)).toString("utf8"));
  if (FORBIDDEN.has(key))
    throw new FormatError("forbidden-key", `The key ${key} is refused`, placeInText(bytes, open));
}

/** A string is a key where a colon follows it: no value is followed by one. */
function isKey(bytes: Uint8Array, close: number): boolean {
  let after = close + 1;
  while (after < bytes.length && (bytes[after] ?? 0x21) <= 0x20) after += 1;
  return bytes[after] === COLON;
}

type Key = { open: number; close: number; names: (Set<string> | undefined)[]; depth: number };

/** Keys are compared as the text that they are, however it is escaped. */
function refuseAgain(bytes: Uint8Array, { open, close, names, depth }: Key): void {
  const literal = Buffer.from(bytes.buffer, bytes.byteOffset + open, close + 1 - open).toString("utf8");
  const key = literal.includes("\\") ? unescaped(literal) : literal.slice(1, -1);
  const known = names[depth];
  if (known === undefined) names[depth] = new Set([key]);
  else if (known.has(key))
    throw new FormatError("malformed-json", "A key stands twice in one object", placeInText(bytes, open));
  else known.add(key);
}

// A malformed escape is left for JSON.parse to report.
function unescaped(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return "";
  }
}
