import { FormatError } from "./format-error.ts";
import { readLabelLines } from "./marking-label.ts";
import { type Marked, strictestOf } from "./stricter-marking.ts";

/** What the lines of all texts of a document say that are nothing but labels, through any depth. */
export function labelsWithin(document: unknown): Marked {
  const found: Marked[] = [];
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string") {
      const marked = readLabelLines(next);
      if (marked.marking !== undefined || marked.unknown.length > 0) found.push(marked);
    } else if (typeof next === "object" && next !== null)
      for (const inner of Object.values(next)) waiting.push(inner);
  }
  return strictestOf(found);
}

/** The marking under which a document goes whole. Throws `unknown-marking`: it may be the strictest of all. */
export function wholeOf(marked: Marked, at: string): Marked["marking"] {
  if (marked.unknown.length === 0) return marked.marking;
  const which = marked.unknown.slice(0, 5).join(", ");
  throw new FormatError("unknown-marking", `No TLP or PAP level that is known: ${which}`, at);
}
