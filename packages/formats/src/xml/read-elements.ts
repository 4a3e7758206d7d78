import { SaxesParser, type SaxesTagNS } from "saxes";
import { FormatError, WHOLE } from "../format-error.ts";
import { decodeXml } from "./decode-xml.ts";
import type { Element } from "./element.ts";
import { Prolog } from "./prolog.ts";

const DEEPEST = 100;
const MOST_ELEMENTS = 60_000;
const MOST_ATTRIBUTES = 100;
const LONGEST_TEXT = 4 * 1024 * 1024;
const MOST_CHARACTERS = 128 * 1024 * 1024;

/**
 * The outermost elements of these names, each when it ends, so that a document of many holds one at a time. A document
 * type declaration is refused, and with it every entity but XML's own five: none is ever expanded. Well-formedness,
 * depth, elements, attributes and text are bounded while they are read, with the line where they are not.
 */
export async function* readElements(
  source: AsyncIterable<Uint8Array>,
  names: ReadonlySet<string>,
): AsyncGenerator<Element> {
  const tree = new Tree(names);
  let size = 0;
  for await (const text of decodeXml(source)) {
    size += text.length;
    if (size > MOST_CHARACTERS)
      throw new FormatError("too-large", `More than ${MOST_CHARACTERS} characters`, WHOLE);
    tree.write(text);
    yield* tree.drained();
  }
  if (size === 0) throw new FormatError("empty", "There is nothing in it", "line 1");
  tree.close();
  yield* tree.drained();
}

class Tree {
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #names: ReadonlySet<string>;
  readonly #open: Element[] = [];
  readonly #prolog = new Prolog();
  #done: Element[] = [];
  #depth = 0;
  #elements = 0;

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
    this.#parser.on("error", (error) => this.#fail("malformed-xml", reasonOf(error)));
    this.#parser.on("doctype", () => this.#fail("forbidden-dtd", "A document type declaration is refused"));
    this.#parser.on("opentag", (tag) => this.#opened(tag));
    this.#parser.on("text", (text) => this.#said(text));
    this.#parser.on("cdata", (text) => this.#said(text));
    this.#parser.on("closetag", () => this.#closed());
  }

  write(text: string): void {
    this.#prolog.look(text);
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  *drained(): Generator<Element> {
    const done = this.#done;
    this.#done = [];
    yield* done;
  }

  #opened({ local, uri, attributes }: SaxesTagNS): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#fail("too-deep", `Nested deeper than ${DEEPEST}`);
    const parent = this.#open.at(-1);
    if (parent === undefined && !this.#names.has(local)) return;
    this.#elements = parent === undefined ? 1 : this.#elements + 1;
    const all = Object.values(attributes);
    if (this.#elements > MOST_ELEMENTS) this.#fail("too-large", `More than ${MOST_ELEMENTS} elements`);
    if (all.length > MOST_ATTRIBUTES) this.#fail("too-large", `More than ${MOST_ATTRIBUTES} attributes`);
    const own = all.filter(({ prefix, local: name }) => prefix !== "xmlns" && name !== "xmlns");
    const element: Element = {
      name: local,
      namespace: uri,
      attributes: Object.fromEntries(own.map(({ local: name, value }) => [name, value])),
      children: [],
      text: "",
      line: this.#parser.line,
    };
    parent?.children.push(element);
    this.#open.push(element);
  }

  #said(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    if (element.text.length + text.length > LONGEST_TEXT)
      this.#fail("too-large", `A text of more than ${LONGEST_TEXT} characters`);
    else element.text += text;
  }

  #closed(): void {
    this.#depth -= 1;
    // What is open is all that stands within the outermost that was asked for: it ends first.
    const element = this.#open.pop();
    if (element !== undefined && this.#open.length === 0) this.#done.push(element);
  }

  /** The parser lets it through: nothing more is read. */
  #fail(code: "malformed-xml" | "forbidden-dtd" | "too-deep" | "too-large", reason: string): never {
    throw new FormatError(code, reason, `line ${this.#parser.line}, column ${this.#parser.column}`);
  }
}

/** Without what it quotes of the document, which must not travel into logs. */
function reasonOf(error: Error): string {
  const message = error.message.replace(/^\d+:\d+: /, "");
  return /^[a-z][a-z ,'-]{1,80}\.?$/i.test(message)
    ? `Not well-formed XML: ${message}`
    : "Not well-formed XML";
}
