import { compareTimestamps, isTimestamp } from "../../version/timestamp.ts";
import type { Constant } from "../syntax.ts";
import type { Found } from "./path-values.ts";

/**
 * Negative, zero or positive as a value is before, equal to or after a constant (§9.2); undefined where they
 * cannot be compared. Texts are compared by code points, without normalization; a text stands for bytes where the
 * other side is bytes, as far as its characters are.
 */
export function compareWith(constant: Constant): (value: Found) => number | undefined {
  switch (constant.kind) {
    case "boolean":
      return (value) => (typeof value === "boolean" ? Number(value) - Number(constant.value) : undefined);
    case "integer":
    case "float": {
      const number = Number(constant.value);
      return (value) => (typeof value === "number" ? order(value, number) : undefined);
    }
    case "timestamp":
      return (value) =>
        typeof value === "string" && isTimestamp(value)
          ? compareTimestamps(value, constant.value)
          : undefined;
    case "string": {
      const bytes = bytesOf(constant.value);
      return (value) => {
        if (typeof value === "string") return compareCodePoints(value, constant.value);
        return isBytes(value) && bytes !== undefined ? Buffer.compare(value, bytes) : undefined;
      };
    }
    case "hex":
    case "binary": {
      const bytes = Buffer.from(constant.value, constant.kind === "hex" ? "hex" : "base64");
      return (value) => {
        const given = typeof value === "string" ? bytesOf(value) : value;
        return isBytes(given) ? Buffer.compare(given, bytes) : undefined;
      };
    }
  }
}

export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** The bytes that a text of characters up to U+00FF stands for. */
function bytesOf(text: string): Uint8Array | undefined {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0xff) return undefined;
  return Buffer.from(text, "latin1");
}

/** JavaScript compares UTF-16 units: beyond the basic plane, that is another order. */
function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    const [isHalf, isOtherHalf] = [isSurrogate(x), isSurrogate(y)];
    return isHalf === isOtherHalf ? x - y : isHalf ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
