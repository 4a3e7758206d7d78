import type { ExternalReference } from "../draft.ts";
import type { Fields } from "../fields.ts";
import { referenceTo } from "../reference-to.ts";

export type Notes = { summary: string | undefined; others: { title: string; text: string }[] };

/** What says what the whole is about; all else is a note of its own. */
const SUMMARIES: ReadonlySet<string> = new Set(["summary", "description"]);

/** The notes of a document or a vulnerability (CSAF 3.1.5). Those of one title are one note. */
export function notesOf(fields: Fields): Notes {
  const summaries: string[] = [];
  const others = new Map<string, string[]>();
  for (const note of fields.each("notes")) {
    const text = note.text("text");
    const category = note.text("category") ?? "other";
    const title = note.text("title");
    const audience = note.text("audience");
    note.raw("group_ids");
    note.raw("product_ids");
    note.rest("No field of a note (CSAF 3.1.5)");
    if (text === undefined) continue;
    if (SUMMARIES.has(category)) summaries.push(title === undefined ? text : `${title}: ${text}`);
    else {
      const said = `${title ?? category}${audience === undefined ? "" : ` (for: ${audience})`}`;
      const known = others.get(said);
      if (known === undefined) others.set(said, [text]);
      else known.push(text);
    }
  }
  return {
    summary: summaries.length === 0 ? undefined : summaries.join("\n\n"),
    others: [...others].map(([title, texts]) => ({ title, text: texts.join("\n\n") })),
  };
}

/** CSAF 3.1.7. */
export function referencesOf(fields: Fields): ExternalReference[] {
  return [...fields.each("references")].flatMap((reference) => {
    const url = reference.text("url");
    const category = reference.text("category") ?? "external";
    const summary = reference.text("summary");
    reference.rest("No field of a reference (CSAF 3.1.7)");
    if (url === undefined) return [];
    return [referenceTo(category, { url, description: summary })];
  });
}

/** Whom the authors thank (CSAF 3.1.1): organisations and for what. Names of people are no content of ours. */
export function acknowledgementsOf(fields: Fields): string | undefined {
  const lines: string[] = [];
  for (const one of fields.each("acknowledgments")) {
    const parts = [one.text("organization"), one.text("summary"), ...one.texts("urls")];
    one.drop("names", "Names of people are not carried");
    one.rest("No field of an acknowledgment (CSAF 3.1.1)");
    const line = parts.filter((part) => part !== undefined).join(": ");
    if (line !== "") lines.push(line);
  }
  return lines.length === 0 ? undefined : lines.join("\n");
}
