import { formatTlp, keysOf } from "@suar/stix";
import { exerciseOf } from "./marking-lines.ts";
import { papOf, validityOf } from "./validity.ts";
import { type ExportItem, NOTHING, type Writer } from "./writer.ts";

const COLUMNS = [
  "type",
  "id",
  "kind",
  "value",
  "name",
  "description",
  "labels",
  "confidence",
  "tlp",
  "pap",
  "producer",
  "valid_from",
  "valid_until",
  "created",
  "modified",
  "logged_at",
  "exercise",
] as const;

/**
 * What a spreadsheet would take for a formula, in the widths that it takes. The mark itself counts among them, so that
 * what is read back without one mark is what was written.
 */
const FORMULA = /^['=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

/**
 * RFC 4180, a row for each observable value of an object, or one where it has none. There are no comments in it: each row
 * says its own marking, and of which exercise it is, if it is of one.
 */
export const csvWriter: Writer = {
  mediaType: "text/csv; charset=utf-8; header=present",
  extension: ".csv",
  isBlocklist: false,
  losses: ["relationships and all properties that have no column", "patterns, but for the values they name"],
  open: ({ now, exercise }) => ({
    header: () => rowOf(COLUMNS),
    footer: () => "",
    write: (item) =>
      validityOf(item.object, now) === "over"
        ? NOTHING
        : { ...NOTHING, text: rowsOf(item, exercise).map(rowOf).join("") },
  }),
};

function rowsOf({ object, tlp, pap, producer, at }: ExportItem, exercise: string | undefined): string[][] {
  const keys = keysOf(object);
  const values = keys.length === 0 ? [["", ""]] : keys.map(kindAndValue);
  const { labels } = object;
  return values.map(([kind = "", value = ""]) => [
    object.type,
    object.id,
    kind,
    value,
    textOf(object.name),
    textOf(object.description),
    Array.isArray(labels) ? labels.map(textOf).join(" ") : "",
    textOf(object.confidence),
    formatTlp(tlp),
    papLabel(papOf(labels, pap)),
    producer,
    textOf(object.valid_from),
    textOf(object.valid_until),
    textOf(object.created),
    textOf(object.modified),
    at,
    exercise === undefined ? "" : exerciseOf(exercise),
  ]);
}

function kindAndValue(key: string): [string, string] {
  const colon = key.indexOf(":");
  return [key.slice(0, colon), key.slice(colon + 1)];
}

function papLabel(pap: string | undefined): string {
  return pap === undefined ? "" : `PAP:${pap.toUpperCase()}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function rowOf(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
