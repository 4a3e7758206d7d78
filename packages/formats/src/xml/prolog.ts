import { FormatError } from "../format-error.ts";

const LONGEST = 1024 * 1024;
const DOCTYPE = "<!DOCTYPE";
/** What may stand there and is passed over, with how it ends. */
const CLOSED: readonly (readonly [begin: string, end: string])[] = [
  ["<!--", "-->"],
  ["<?", "?>"],
];

/**
 * What stands before the first element (XML 1.0 §2.8): declarations, comments and white space. A parser reads a
 * document type declaration to its end before it tells of it, and it may be of any length: here it is refused where it
 * begins. What looks like one within a comment or, further on, in the content, is none.
 */
export class Prolog {
  /** What was not passed over yet; nothing once the first element has begun. */
  #text: string | undefined = "";
  #closing: string | undefined;
  #size = 0;
  #line = 1;

  look(more: string): void {
    if (this.#text === undefined) return;
    this.#size += more.length;
    if (this.#size > LONGEST + more.length)
      throw new FormatError(
        "too-large",
        `No element in the first ${LONGEST} characters`,
        `line ${this.#line}`,
      );
    let text: string | undefined = this.#text + more;
    while (text !== undefined && text !== "" && this.#isOpen(text)) text = this.#next(text);
    this.#text = text === undefined ? undefined : this.#kept(text);
  }

  /** Whether there is more to be passed over in what there is. */
  #isOpen(text: string): boolean {
    return this.#closing === undefined ? text.includes("<") && !isCutOff(text) : text.includes(this.#closing);
  }

  /** What is left behind the next piece; nothing where an element begins. */
  #next(text: string): string | undefined {
    if (this.#closing !== undefined) {
      const end = text.indexOf(this.#closing) + this.#closing.length;
      this.#closing = undefined;
      return this.#pass(text, end);
    }
    const rest = this.#pass(text, text.indexOf("<"));
    if (rest.startsWith(DOCTYPE))
      throw new FormatError("forbidden-dtd", "A document type declaration is refused", `line ${this.#line}`);
    const closed = CLOSED.find(([begin]) => rest.startsWith(begin));
    if (closed === undefined) return undefined;
    this.#closing = closed[1];
    return this.#pass(rest, closed[0].length);
  }

  #pass(text: string, end: number): string {
    const passed = text.slice(0, end);
    for (let at = passed.indexOf("\n"); at >= 0; at = passed.indexOf("\n", at + 1)) this.#line += 1;
    return text.slice(end);
  }

  /** Only what the next chunk may make something of: it may come in pieces of a byte. */
  #kept(text: string): string {
    const from = this.#closing === undefined ? text.indexOf("<") : text.length - this.#closing.length + 1;
    const start = from < 0 && this.#closing === undefined ? text.length : Math.max(0, from);
    return this.#pass(text, start);
  }
}

/** Whether what begins with the next `<` could still be one thing or another. */
function isCutOff(text: string): boolean {
  const start = text.indexOf("<");
  const begun = text.slice(start, start + DOCTYPE.length);
  return (
    start + begun.length === text.length &&
    [DOCTYPE, "<!--"].some((mark) => mark !== begun && mark.startsWith(begun))
  );
}
