import { decodeUtf8, parseJson } from "./parse-json.ts";
import { TaxiiFault } from "./taxii-fault.ts";

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/** What an envelope says besides its objects (§3.7). */
export type EnvelopeEnd = { more: boolean; next: string | undefined };

/** Of the envelope's own properties: `next` is opaque, and no server needs a page for it. */
const MOST_VALUE = 64 * 1024;

/**
 * Cuts an envelope into its objects while it comes: each is handed out as the octets that stand there, and nothing
 * but one object is held; one that is too large is passed over. A bundle, which some servers send for an envelope, is
 * read as one.
 */
export class EnvelopeReader {
  readonly #most: { objectBytes: number; depth: number };
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** At depth 1: the key that was read, and whether its value stands after it. */
  #key: string | undefined;
  #atKey = true;
  #inObjects = false;
  #ended = false;
  /** Octets of the key, value or object that is being read. */
  #held: Uint8Array[] | undefined;
  #heldSize = 0;
  #tooLarge = 0;
  #known = false;
  #empty = true;
  readonly #said: { more?: unknown; next?: unknown } = {};

  constructor(most: { objectBytes: number; depth: number }) {
    this.#most = most;
  }

  /** Objects that were passed over. */
  get tooLarge(): number {
    return this.#tooLarge;
  }

  /** The objects that end within these octets. Throws a TaxiiFault. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let from = this.#held === undefined ? -1 : 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#depth === 1 && this.#atKey && this.#key === undefined) {
            this.#key = String(parseJson(this.#take(chunk, from, at + 1)));
            from = -1;
          }
        }
        continue;
      }
      if (isSpace(byte)) continue;
      if (this.#ended) throw broken("goes on after its end");
      const begins = this.#begins(byte);
      if (begins) {
        this.#held = [];
        from = at;
      }
      const ends = this.#step(byte);
      if (!ends || from < 0) continue;
      if (ends === "value") this.#note(this.#take(chunk, from, at));
      else {
        const object = this.#take(chunk, from, at + 1);
        if (object.length > 0) yield object;
        else this.#tooLarge += 1;
      }
      from = -1;
    }
    if (from >= 0) this.#hold(chunk.subarray(from));
  }

  /** Throws a TaxiiFault where the envelope has not ended, or is none. */
  end(): EnvelopeEnd {
    if (!this.#ended) throw broken("breaks off");
    if (!this.#known && !this.#empty)
      throw new TaxiiFault("not-taxii", "The answer is JSON, but no TAXII envelope");
    const { more, next } = this.#said;
    const token = typeof next === "number" ? String(next) : next;
    return {
      more: more === true || more === "true",
      next: typeof token === "string" && token !== "" ? token : undefined,
    };
  }

  /** Whether a key, a value that counts or an object begins here. */
  #begins(byte: number): boolean {
    if (this.#held !== undefined) return false;
    if (this.#depth === 2 && this.#inObjects) {
      if (byte === OPEN_BRACE) return true;
      if (byte === COMMA || byte === CLOSE_BRACKET) return false;
      throw new TaxiiFault("not-taxii", "Among the envelope's objects is something that is none");
    }
    if (this.#depth !== 1) return false;
    if (this.#atKey) return byte === QUOTE && this.#key === undefined;
    return (this.#key === "more" || this.#key === "next") && byte !== COMMA && byte !== CLOSE_BRACE;
  }

  /** Takes one octet outside of strings; tells what has ended with it, or before it. */
  #step(byte: number): "object" | "value" | undefined {
    switch (byte) {
      case QUOTE:
        if (this.#depth === 0) throw broken("does not begin with an object");
        this.#inString = true;
        return undefined;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.#open(byte);
        return undefined;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        return this.#close();
      case COLON:
        if (this.#depth === 1 && this.#key !== undefined) this.#atKey = false;
        return undefined;
      case COMMA:
        return this.#depth === 1 ? this.#endValue() : undefined;
      default:
        if (this.#depth === 0 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
          throw broken("does not begin with an object");
        return undefined;
    }
  }

  #open(byte: number): void {
    if (this.#depth === 0 && byte !== OPEN_BRACE) throw broken("does not begin with an object");
    if (this.#depth === 1 && this.#key === "objects") {
      if (byte !== OPEN_BRACKET) throw new TaxiiFault("not-taxii", "The envelope's objects are no list");
      this.#inObjects = true;
    }
    this.#depth += 1;
    if (this.#depth > this.#most.depth)
      throw new TaxiiFault("bad-json", `The answer is nested deeper than ${this.#most.depth}`);
  }

  #close(): "object" | "value" | undefined {
    const ended = this.#depth === 1 ? this.#endValue() : undefined;
    this.#depth -= 1;
    if (this.#depth < 0) throw broken("closes what it did not open");
    if (this.#depth === 0) this.#ended = true;
    if (this.#depth === 1) this.#inObjects = false;
    return this.#depth === 2 && this.#inObjects ? "object" : ended;
  }

  #endValue(): "value" | undefined {
    if (this.#key !== undefined) {
      this.#empty = false;
      this.#known ||= this.#key === "objects" || this.#key === "more" || this.#key === "next";
    }
    this.#atKey = true;
    if (this.#held !== undefined) return "value"; // #note needs the key still
    this.#key = undefined;
    return undefined;
  }

  #note(value: Uint8Array): void {
    const key = this.#key;
    this.#key = undefined;
    if (key === "more" || key === "next") this.#said[key] = parseJson(value);
  }

  #take(chunk: Uint8Array, from: number, to: number): Uint8Array {
    this.#hold(chunk.subarray(from, to));
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldSize = 0;
    return held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held);
  }

  /** Nothing is left of an object that is too large. */
  #hold(part: Uint8Array): void {
    this.#heldSize += part.byteLength;
    const most = this.#inObjects ? this.#most.objectBytes : MOST_VALUE;
    if (this.#heldSize <= most) this.#held?.push(part);
    else if (this.#inObjects) this.#held = [];
    else throw new TaxiiFault("too-large", `A property of the envelope has more than ${most} octets`);
  }
}

/** An object as the server wrote it. */
export type PulledObject = {
  text: string;
  /** What it says of itself, as far as it is text. */
  id: string | undefined;
  type: string | undefined;
  modified: string | undefined;
  /** Ids of the marking definitions that it names. */
  markings: readonly string[];
};

/** Throws a TaxiiFault `bad-json`. */
export function readObject(bytes: Uint8Array): PulledObject {
  const object = parseJson(bytes) as Record<string, unknown>;
  const textAt = (key: string): string | undefined => {
    const value = object[key];
    return typeof value === "string" ? value : undefined;
  };
  return {
    text: decodeUtf8(bytes),
    id: textAt("id"),
    type: textAt("type"),
    modified: textAt("modified") ?? textAt("created"),
    markings: markingsOf(object),
  };
}

function markingsOf({
  object_marking_refs: refs,
  granular_markings: granular,
}: Record<string, unknown>): string[] {
  const whole = Array.isArray(refs) ? refs : [];
  const parts = Array.isArray(granular) ? granular.map((one) => one?.marking_ref) : [];
  return [...whole, ...parts].flatMap((ref) => (typeof ref === "string" ? [ref.toLowerCase()] : []));
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function broken(how: string): TaxiiFault {
  return new TaxiiFault("bad-json", `The server's answer ${how}`);
}
