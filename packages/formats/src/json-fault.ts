const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const U = 0x75;

const ESCAPES = new Set(Buffer.from('"\\/bfnrt'));
const WORDS = new Map(["true", "false", "null"].map((word) => [word.charCodeAt(0), Buffer.from(word)]));

/** What a JSON text may go on with. */
type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

/**
 * Offset of the first byte that no JSON text (RFC 8259) has there: the length where the bytes end too early, undefined
 * where they are JSON. The engine's messages are cut, differ, and quote the content. UTF-8 without a byte-order mark;
 * no recursion, whatever the depth.
 */
export function jsonFault(bytes: Uint8Array): number | undefined {
  return new Walk(bytes).fault();
}

class Walk {
  readonly #bytes: Uint8Array;
  /** Whether each value that is open is an object: a list otherwise. */
  readonly #open: boolean[] = [];
  #expected: Expected = "value";
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  fault(): number | undefined {
    for (;;) {
      this.#passSpace();
      if (this.#at >= this.#bytes.length) break;
      if (!this.#step(this.#bytes[this.#at] ?? 0)) return this.#at;
    }
    return this.#expected === "comma or end" && this.#open.length === 0 ? undefined : this.#bytes.length;
  }

  #passSpace(): void {
    for (; ; this.#at += 1) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }

  /** Goes beyond the next sign or value; false where it is none, with `#at` at the fault. */
  #step(byte: number): boolean {
    switch (this.#expected) {
      case "value":
        return this.#value(byte);
      case "value or ]":
        return byte === CLOSE_BRACKET ? this.#close() : this.#value(byte);
      case "key or }":
        if (byte === CLOSE_BRACE) return this.#close();
        return byte === QUOTE && this.#string() && this.#expect("colon");
      case "key":
        return byte === QUOTE && this.#string() && this.#expect("colon");
      case "colon":
        return this.#sign(byte === COLON, "value");
      case "comma or end":
        return this.#afterValue(byte);
    }
  }

  #value(byte: number): boolean {
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#open.push(byte === OPEN_BRACE);
      return this.#sign(true, byte === OPEN_BRACE ? "key or }" : "value or ]");
    }
    const word = WORDS.get(byte);
    const isWhole = byte === QUOTE ? this.#string() : word === undefined ? this.#number() : this.#word(word);
    return isWhole && this.#expect("comma or end");
  }

  #afterValue(byte: number): boolean {
    const inObject = this.#open.at(-1);
    if (inObject === undefined) return false;
    if (byte === (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return this.#close();
    return this.#sign(byte === COMMA, inObject ? "key" : "value");
  }

  #close(): boolean {
    this.#open.pop();
    return this.#sign(true, "comma or end");
  }

  #sign(isRight: boolean, expected: Expected): boolean {
    if (isRight) this.#at += 1;
    return isRight && this.#expect(expected);
  }

  #expect(expected: Expected): true {
    this.#expected = expected;
    return true;
  }

  #word(word: Uint8Array): boolean {
    return word.every((byte) => this.#takes((found) => found === byte));
  }

  #string(): boolean {
    this.#at += 1;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte < 0x20) return false;
      this.#at += 1;
      if (byte === QUOTE) return true;
      if (byte === BACKSLASH && !this.#escape()) return false;
    }
  }

  #escape(): boolean {
    if (this.#takes((byte) => ESCAPES.has(byte))) return true;
    return this.#takes((byte) => byte === U) && [1, 2, 3, 4].every(() => this.#takes(isHexadecimal));
  }

  /** `-`, an integer without zeros in front, a fraction, an exponent (RFC 8259 §6). */
  #number(): boolean {
    this.#takes((byte) => byte === 0x2d);
    if (!this.#takes((byte) => byte === 0x30) && !this.#digits()) return false;
    if (this.#takes((byte) => byte === 0x2e) && !this.#digits()) return false;
    if (!this.#takes((byte) => byte === 0x65 || byte === 0x45)) return true;
    this.#takes((byte) => byte === 0x2b || byte === 0x2d);
    return this.#digits();
  }

  #digits(): boolean {
    const from = this.#at;
    while (this.#takes((byte) => byte >= 0x30 && byte <= 0x39));
    return this.#at > from;
  }

  #takes(isRight: (byte: number) => boolean): boolean {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || !isRight(byte)) return false;
    this.#at += 1;
    return true;
  }
}

function isHexadecimal(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
