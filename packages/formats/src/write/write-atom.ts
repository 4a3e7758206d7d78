import { formatTlp, keysOf } from "@suar/stix";
import { exerciseOf, markingOf } from "./marking-lines.ts";
import { validityOf } from "./validity.ts";
import { type ExportItem, NOTHING, type Writer } from "./writer.ts";

const LONGEST_SUMMARY = 2_000;

/** Atom (RFC 4287): an entry for each object, in the order of the log; what readers of news show of it. */
export const atomWriter: Writer = {
  mediaType: "application/atom+xml; charset=utf-8",
  extension: ".atom",
  isBlocklist: false,
  losses: ["all properties but name, description, labels, observable values and who states it"],
  open: ({ now }) => ({
    header: (facts) => {
      const exercise = facts.exercise === undefined ? "" : `${exerciseOf(facts.exercise)}: `;
      const rights = escaped(`${exercise}${markingOf(facts)}, made for ${facts.madeFor}`);
      const updated = facts.asOf ?? "1970-01-01T00:00:00Z";
      return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<id>urn:uuid:${facts.id}</id>\n<title>${escaped(exercise)}Suar</title>\n<updated>${updated}</updated>\n<author><name>Suar</name></author>\n<rights>${rights}</rights>\n`;
    },
    footer: () => "</feed>\n",
    write: (item) =>
      validityOf(item.object, now) === "over" ? NOTHING : { ...NOTHING, text: entryOf(item) },
  }),
};

function entryOf({ object, tlp, producer, at }: ExportItem): string {
  const { labels } = object;
  const categories = [object.type, ...(Array.isArray(labels) ? labels.map(textOf) : [])];
  // §4.1.2: an entry without content has a summary.
  const summary = (textOf(object.description) || keysOf(object).join(" ")).slice(0, LONGEST_SUMMARY);
  return [
    "<entry>",
    `<id>tag:suar,2026:${escaped(`${producer}/${object.id}`)}</id>`,
    `<title>${escaped(titleOf(object))}</title>`,
    `<updated>${at}</updated>`,
    `<author><name>${escaped(producer)}</name></author>`,
    `<rights>${formatTlp(tlp)}</rights>`,
    ...categories.map((term) => `<category term="${escaped(term)}"/>`),
    `<summary>${escaped(summary)}</summary>`,
    `<link rel="alternate" href="/v1/objects/${encodeURIComponent(object.id)}"/>`,
    "</entry>\n",
  ].join("");
}

function titleOf(object: ExportItem["object"]): string {
  return textOf(object.name) || keysOf(object)[0] || object.id;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** XML 1.0 §2.2: what no document may hold, however it is written. */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

function escaped(text: string): string {
  return text.replace(NO_CHARACTER, "\ufffd").replace(/[&<>"\r]/g, (sign) => ENTITIES[sign] ?? sign);
}
