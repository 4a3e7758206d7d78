import { fromBase64, isText } from "./base64.ts";
import { isHash } from "./hash.ts";
import { isSize } from "./tree/tree.ts";

/** A document from outside that is not what it should be; `at` is a JSON Pointer (RFC 6901). */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly at: string;

  constructor(at: string, message: string) {
    super(message);
    this.at = at;
  }
}

export type Read<T> = { ok: true; value: T } | { ok: false; at: string; message: string };

/** Parses a document's JSON and reads it; whatever is wrong with it is told, nothing is thrown. */
export function readDocument<T>(text: string, longest: number, read: (value: unknown) => T): Read<T> {
  if (text.length > longest) return { ok: false, at: "", message: `more than ${longest} characters` };
  try {
    return { ok: true, value: read(parsed(text)) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, at: error.at, message: error.message };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed("", "not JSON");
  }
}

/** An object with exactly these fields (those with `?` may be absent); where it is `open`, with others, too. */
export function fieldsOf(
  value: unknown,
  at: string,
  names: readonly string[],
  open?: "open",
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed(at, "not an object");
  const known = new Set(names.map((name) => name.replace("?", "")));
  const unknown = Object.keys(value).find((name) => !known.has(name));
  if (unknown !== undefined && open === undefined)
    throw new Malformed(at, `there is no field ${unknown.slice(0, 64)}`);
  const missing = names.find((name) => !name.endsWith("?") && !Object.hasOwn(value, name));
  if (missing !== undefined) throw new Malformed(at, `${missing} is missing`);
  return value as Record<string, unknown>;
}

export function textOf(value: unknown, at: string, longest: number): string {
  if (!isText(value) || value.length === 0 || value.length > longest)
    throw new Malformed(at, `not a text of 1 to ${longest} characters`);
  return value;
}

export function numberOf(value: unknown, at: string): number {
  if (typeof value !== "number" || !isSize(value)) throw new Malformed(at, "not a whole number");
  return value;
}

/** 32 bytes in Base64. */
export function hashOf(value: unknown, at: string): Uint8Array {
  const bytes = typeof value === "string" && value.length <= 64 ? fromBase64(value) : undefined;
  if (!isHash(bytes)) throw new Malformed(at, "not 32 bytes in Base64");
  return bytes;
}

export function listOf<T>(
  value: unknown,
  at: string,
  most: number,
  read: (one: unknown, at: string) => T,
): T[] {
  if (!Array.isArray(value) || value.length > most) throw new Malformed(at, `not a list of at most ${most}`);
  return value.map((one, index) => read(one, `${at}/${index}`));
}
