import { RE2JS, RE2JSException, RE2Set } from "re2js";
import { MOST_OF_LIST } from "./warning-list.ts";

/** As MISP writes them, for PHP: between delimiters, with flags behind. */
const DELIMITED = /^([/#~!%@])(.*)\1([a-zA-Z]*)$/s;
const FLAGS = /^[imsuU]*$/;

/** Of a value so much is looked at. */
const LONGEST = 1_024;

/** Regular expressions of strangers, matched in linear time: what would need to go back over the text is refused. */
export class PatternSet {
  readonly #set = new RE2Set();
  #program = 0;
  #count = 0;

  /** Why it is not taken; undefined where it is. */
  add(entry: string): string | undefined {
    const [source, flags] = partsOf(entry);
    if (!FLAGS.test(flags)) return `Flags other than i, m, s, u and U: ${flags}`;
    const own = flags.replace("u", "");
    const text = own === "" ? source : `(?${own})${source}`;
    try {
      const pattern = RE2JS.compile(text);
      if (pattern.matcher("").find()) return "It matches everything";
      this.#program += pattern.programSize();
      if (this.#program > MOST_OF_LIST.program) return "With those before it, more than a list may have";
      this.#set.add(text);
      this.#count += 1;
      return undefined;
    } catch (error) {
      if (error instanceof RE2JSException) return `Not one that is matched in linear time: ${error.message}`;
      throw error;
    }
  }

  close(): void {
    if (this.#count > 0) this.#set.compile();
  }

  matches(text: string): boolean {
    return this.#count > 0 && this.#set.match(text.slice(0, LONGEST)).length > 0;
  }
}

function partsOf(entry: string): [source: string, flags: string] {
  const [, , source, flags] = DELIMITED.exec(entry) ?? [];
  return source === undefined || flags === undefined ? [entry, ""] : [source, flags];
}
