import { PatternFault, type Token, tokenize } from "./token.ts";

const DEEPEST = 64;

/** A place in a list of tokens; parsers ask it what comes next. */
export class TokenReader {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#tokens = tokenize(pattern);
  }

  /** The next token, which stays where it is. The last one is of kind `end`, for ever. */
  get next(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new PatternFault("an empty pattern", 0);
    return token;
  }

  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** Takes the next token when it is the one named, and tells whether it did. */
  skip(text: string): boolean {
    const { kind, text: found } = this.next;
    const isSyntax = kind === "mark" || kind === "keyword" || kind === "operator";
    if (!isSyntax || found !== text) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) this.fail(`expected ${text}`);
  }

  fail(message: string): never {
    const { kind, text, offset } = this.next;
    throw new PatternFault(`${message}, found ${kind === "end" ? "the end" : text.slice(0, 40)}`, offset);
  }

  /** Runs `read` one level deeper; patterns come from strangers, so depth has a bound. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.fail("nested too deeply");
    const result = read();
    this.#depth -= 1;
    return result;
  }
}
