import { FormatError } from "./format-error.ts";
import { parseJsonBounded } from "./parse-json-bounded.ts";

/** One value of a long document: its place, and how deep its list was. */
export type JsonItem = { at: string; value: unknown; inList: boolean };

export type SplitLimits = {
  /** Of one item. */
  maxBytes: number;
  maxDepth: number;
  /** The source ends before the input does: what is open then is no fault. */
  isBeginning?: boolean;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;

/** `{"response": [` is how MISP's API begins a list of events. */
const LIST_IN_OBJECT = /^\{\s*"response"\s*:\s*\[$/;
const LONGEST_BEGINNING = 64;
/** What stands for a list that was read, so that what follows it in its object can be. */
const EMPTY_LIST = '{"response":[';
const UTF8_MARK = [0xef, 0xbb, 0xbf];

/**
 * The items of a long document, one at a time, however long it is: the members of a list, of the list under `response`,
 * or whole documents one after the other (lines of JSON). Only their ends are looked for here, by a loop over the
 * bytes; each is then parsed as any document of strangers is. Throws a FormatError with the line in the whole.
 */
export async function* splitJson(
  source: AsyncIterable<Uint8Array>,
  limits: SplitLimits,
): AsyncGenerator<JsonItem> {
  const splitter = new Splitter(limits);
  for await (const chunk of source) yield* splitter.take(chunk);
  yield* splitter.end();
}

type State = "between-documents" | "between-members" | "in-item" | "in-tail";
/** What a byte does: an item begins with it, ends with it or before it, or a list of items begins behind it. */
type Step = "begins" | "ends" | "ended" | "lists" | undefined;

class Splitter {
  readonly #limits: SplitLimits;
  #state: State = "between-documents";
  /** What there is of the item, or of the tail, that is open. */
  #parts: Uint8Array[] = [];
  #size = 0;
  #began = { line: 1, column: 1 };
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The list whose members are the items, when there is one. `wrapped`: in an object. */
  #list: { at: string; next: number; wrapped: boolean; needsComma: boolean } | undefined;
  #documents = 0;
  #line = 1;
  #lineStart = 0;
  #offset = 0;
  #passed = 0;

  constructor(limits: SplitLimits) {
    this.#limits = limits;
  }

  *take(chunk: Uint8Array): Generator<JsonItem> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (!this.#isOpen) {
        at = this.#toBeginning(chunk, at);
        from = at;
        continue;
      }
      const step = this.#pass(chunk, from, at);
      at = this.#passed;
      if (step === "lists") from = at + 1;
      else if (step !== undefined) {
        yield* this.#close(chunk.subarray(from, step === "ends" ? at + 1 : at));
        // The byte that ended it may mean something to what stands around it.
        if (step === "ended") at -= 1;
        from = at + 1;
      }
    }
    if (this.#isOpen) this.#keep(chunk.subarray(from));
    this.#offset += chunk.length;
  }

  *end(): Generator<JsonItem> {
    if (this.#state === "in-item" && this.#list === undefined && this.#depth === 0 && !this.#inString)
      yield* this.#close(new Uint8Array(0));
    if (this.#limits.isBeginning === true) return;
    if (this.#documents === 0) throw new FormatError("empty", "There is nothing in it", "line 1");
    if (this.#state === "between-documents") return;
    // What is open says itself what it lacks.
    if (this.#isOpen) this.#parse(Buffer.concat(this.#parts));
    throw new FormatError("malformed-json", "It ends before it is complete", this.#placeOf(0));
  }

  get #isOpen(): boolean {
    return this.#state === "in-item" || this.#state === "in-tail";
  }

  /** Goes to where an item begins, or to the end. */
  #toBeginning(chunk: Uint8Array, start: number): number {
    let at = start;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#between(byte, at) === "begins") break;
      if (byte === NEWLINE) this.#countLine(at);
    }
    return at;
  }

  /** Goes on in what is open, to the byte that ends it or to the end of the chunk: `#passed` says which. */
  #pass(chunk: Uint8Array, from: number, start: number): Step {
    for (let at = start; at < chunk.length; at += 1) {
      if (this.#inString) at = this.#passString(chunk, at);
      const step = this.#inString ? undefined : this.#step(chunk, from, at);
      this.#passed = at;
      if (step !== undefined) return step;
    }
    this.#passed = chunk.length;
    return undefined;
  }

  /** Goes to the byte behind the string, or to the end of the chunk. */
  #passString(chunk: Uint8Array, start: number): number {
    let at = start;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    for (;;) {
      const quote = chunk.indexOf(QUOTE, at);
      const end = quote < 0 ? chunk.length : quote;
      const isEscaped = backslashesBefore(chunk, at, end) % 2 === 1;
      if (quote < 0) {
        this.#escaped = isEscaped;
        return end;
      }
      at = quote + 1;
      if (isEscaped) continue;
      this.#inString = false;
      return at;
    }
  }

  #step(chunk: Uint8Array, from: number, at: number): Step {
    const byte = chunk[at];
    if (byte === undefined) return undefined;
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#depth += 1;
      if (byte === OPEN_BRACKET && this.#depth === 2 && this.#opensList(chunk, from, at)) return "lists";
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (this.#depth === 0) return "ended";
      this.#depth -= 1;
      if (this.#depth === 0) return "ends";
    } else if (this.#depth === 0 && (byte === COMMA || byte <= 0x20)) return "ended";
    else if (byte === NEWLINE) this.#countLine(at);
    return undefined;
  }

  #countLine(at: number): void {
    this.#line += 1;
    this.#lineStart = this.#offset + at + 1;
  }

  #between(byte: number, at: number): Step {
    const list = this.#list;
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || this.#isByteOrderMark(byte, at)) return undefined;
    if (list === undefined) {
      this.#documents += 1;
      if (byte !== OPEN_BRACKET) return this.#begin(byte, at);
      this.#list = { at: this.#documentAt(), next: 0, wrapped: false, needsComma: false };
      this.#state = "between-members";
      return undefined;
    }
    if (byte === CLOSE_BRACKET && (list.needsComma || list.next === 0))
      return this.#endList(list.wrapped, at);
    if (list.needsComma !== (byte === COMMA) || byte === CLOSE_BRACKET)
      throw new FormatError("malformed-json", "Not well-formed JSON", this.#placeOf(at));
    if (byte !== COMMA) return this.#begin(byte, at);
    list.needsComma = false;
    return undefined;
  }

  #isByteOrderMark(byte: number, at: number): boolean {
    const position = this.#offset + at;
    if (position < 2 && byte >= 0xfe)
      throw new FormatError("malformed-utf8", "Not UTF-8 text", "line 1, column 1");
    return position < UTF8_MARK.length && UTF8_MARK[position] === byte;
  }

  #begin(byte: number, at: number): Step {
    this.#state = "in-item";
    this.#parts = [];
    this.#size = 0;
    this.#began = { line: this.#line, column: this.#offset + at - this.#lineStart + 1 };
    this.#depth = byte === OPEN_BRACE || byte === OPEN_BRACKET ? 1 : 0;
    this.#inString = byte === QUOTE;
    return "begins";
  }

  /** In the object that was taken for an item a list begins: its members are the items. */
  #opensList(chunk: Uint8Array, from: number, at: number): boolean {
    if (this.#list !== undefined || this.#state === "in-tail") return false;
    if (this.#size + at - from > LONGEST_BEGINNING) return false;
    const beginning = Buffer.concat([...this.#parts, chunk.subarray(from, at + 1)]).toString("latin1");
    if (!LIST_IN_OBJECT.test(beginning)) return false;
    this.#list = { at: `${this.#documentAt()}/response`, next: 0, wrapped: true, needsComma: false };
    this.#state = "between-members";
    return true;
  }

  /** What follows the list in its object is read with an empty list in front. */
  #endList(wrapped: boolean, at: number): Step {
    this.#list = undefined;
    this.#state = "between-documents";
    if (!wrapped) return undefined;
    this.#begin(CLOSE_BRACKET, at);
    this.#state = "in-tail";
    this.#depth = 1;
    this.#parts = [Buffer.from(EMPTY_LIST)];
    return "begins";
  }

  #keep(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size <= this.#limits.maxBytes) return;
    const where = `line ${this.#began.line}, column ${this.#began.column}`;
    throw new FormatError("too-large", `More than ${this.#limits.maxBytes} bytes in one`, where);
  }

  *#close(last: Uint8Array): Generator<JsonItem> {
    this.#keep(last);
    const value = this.#parse(Buffer.concat(this.#parts));
    const isTail = this.#state === "in-tail";
    this.#parts = [];
    const list = this.#list;
    this.#state = list === undefined ? "between-documents" : "between-members";
    if (isTail) return;
    if (list === undefined) yield { at: this.#documentAt(), value, inList: false };
    else {
      list.needsComma = true;
      yield { at: `${list.at}/${list.next++}`, value, inList: true };
    }
  }

  /** The second document and those after it, which lines of JSON are, are told apart by their number. */
  #documentAt(): string {
    return this.#documents > 1 ? `#${this.#documents}` : "";
  }

  #placeOf(at: number): string {
    return `line ${this.#line}, column ${this.#offset + at - this.#lineStart + 1}`;
  }

  #parse(bytes: Uint8Array): unknown {
    try {
      return parseJsonBounded(bytes, {
        ...this.#limits,
        maxBytes: this.#limits.maxBytes + LONGEST_BEGINNING,
      });
    } catch (error) {
      if (error instanceof FormatError) throw this.#inTheWhole(error);
      throw error;
    }
  }

  #inTheWhole(error: FormatError): FormatError {
    const [, line = "1", column = "1"] = /^line (\d+), column (\d+)$/.exec(error.at) ?? [];
    const across = Number(column) + (line === "1" ? this.#began.column - 1 : 0);
    const where = `line ${this.#began.line + Number(line) - 1}, column ${across}`;
    return new FormatError(error.code, error.message, where, { cause: error });
  }
}

function backslashesBefore(bytes: Uint8Array, from: number, end: number): number {
  let at = end;
  while (at > from && bytes[at - 1] === BACKSLASH) at -= 1;
  return end - at;
}
