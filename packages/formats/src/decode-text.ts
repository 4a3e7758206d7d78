import { TextDecoder } from "node:util";
import { FormatError } from "./format-error.ts";
import { lengthOfCharacter, utf8Fault } from "./utf8-fault.ts";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

const NEWLINE = 0x0a;

/**
 * Text from its bytes, chunk by chunk, fatal on what is not text. UTF-8 with or without a byte-order mark, and
 * UTF-16 with one (what spreadsheets write as "Unicode text"). No text holds a NUL: what does is UTF-16 without its mark,
 * or no text at all. Throws `malformed-utf8` with the line.
 */
export async function* decodeText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoding: Decoding | undefined;
  let first: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    if (decoding !== undefined) yield decoding.take(chunk);
    else {
      first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
      if (first.length < 2) continue;
      decoding = new Decoding(encodingOf(first));
      yield decoding.take(first);
    }
  }
  if (decoding === undefined) {
    decoding = new Decoding("utf-8");
    yield decoding.take(first);
  }
  yield decoding.end();
}

class Decoding {
  readonly #encoding: Encoding;
  readonly #decoder: TextDecoder;
  /** Of the character that the last chunk ended within. */
  #open: Uint8Array = new Uint8Array(0);
  #line = 1;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  take(chunk: Uint8Array): string {
    const text = this.#decoded(chunk, true);
    const tail = this.#open.length === 0 ? chunk : Buffer.concat([this.#open, chunk]);
    this.#open = tail.slice(tail.length - openAtEnd(tail, this.#encoding));
    return text;
  }

  end(): string {
    return this.#decoded(new Uint8Array(0), false);
  }

  #decoded(chunk: Uint8Array, stream: boolean): string {
    let text: string;
    try {
      text = this.#decoder.decode(chunk, { stream });
    } catch (cause) {
      const line = this.#line + linesBeforeFault(Buffer.concat([this.#open, chunk]), this.#encoding);
      const what = "Not UTF-8 text; save it as UTF-8 and send it again";
      throw new FormatError("malformed-utf8", what, `line ${line}`, { cause });
    }
    const nul = text.indexOf("\0");
    if (nul >= 0) {
      const what = "It holds a NUL, as text does not; save it as UTF-8 and send it again";
      throw new FormatError("malformed-utf8", what, `line ${this.#line + newlinesIn(text.slice(0, nul))}`);
    }
    this.#line += newlinesIn(text);
    return text;
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/** Newlines before the first character that is none; all where there is no fault. */
function linesBeforeFault(bytes: Uint8Array, encoding: Encoding): number {
  let count = 0;
  if (encoding === "utf-8") {
    const end = utf8Fault(bytes) ?? bytes.length;
    for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1))
      count += 1;
    return count;
  }
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const unit = unitAt(bytes, at, encoding);
    if (unit === NEWLINE) count += 1;
    if (isLow(unit)) return count;
    if (!isHigh(unit)) continue;
    if (at + 3 >= bytes.length || !isLow(unitAt(bytes, at + 2, encoding))) return count;
    at += 2;
  }
  return count;
}

/** How many bytes at the end are of a character that goes on behind them. */
function openAtEnd(bytes: Uint8Array, encoding: Encoding): number {
  if (encoding === "utf-8") {
    for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
      const byte = bytes[bytes.length - back] ?? 0;
      if (byte >= 0xc0) return lengthOfCharacter(byte) > back ? back : 0;
      if (byte < 0x80) return 0;
    }
    return 0;
  }
  const odd = bytes.length % 2;
  const last = bytes.length - odd - 2;
  return last >= 0 && isHigh(unitAt(bytes, last, encoding)) ? odd + 2 : odd;
}

function unitAt(bytes: Uint8Array, at: number, encoding: Encoding): number {
  const [low, high] = encoding === "utf-16le" ? [bytes[at], bytes[at + 1]] : [bytes[at + 1], bytes[at]];
  return (low ?? 0) | ((high ?? 0) << 8);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
