import { confidenceFrom, type ObservableKind } from "@suar/stix";
import { readTag } from "../marking-label.ts";
import { remembered } from "../remembered.ts";
import { isTelling, kindAmong, kindShown, kindsNamed } from "../value-kind.ts";
import { partsOfCell } from "./row-marking.ts";

export const LONGEST_VALUE = 8_192;
const LONGEST_TEXT = 5_000;
const MOST_LABELS = 50;

export type CellValue =
  | { ok: true; value: { kind: ObservableKind; raw: string }; port?: string | undefined }
  | { ok: false; code: "too-long" | "not-an-indicator"; reason: string };

const kindsSaid = remembered(kindsNamed);

export function isKindNamed(said: string): boolean {
  return kindsSaid(said) !== undefined;
}

/** What a cell holds. `said` is what the row's type column says, `byColumn` what the cell's own header does. */
export function readValue(
  raw: string,
  said: string | undefined,
  byColumn: readonly ObservableKind[] | undefined,
): CellValue {
  if (raw.length > LONGEST_VALUE) {
    return { ok: false, code: "too-long", reason: `More than ${LONGEST_VALUE} characters` };
  }
  const kinds = said === undefined ? undefined : kindsSaid(said);
  const kind = kinds === undefined ? kindIn(raw, byColumn) : kindAmong(raw, kinds);
  return kind === undefined ? readWithPort(raw) : { ok: true, value: { kind, raw } };
}

function readWithPort(raw: string): CellValue {
  const [, written, port] = /^(.+?)\]?:(\d{1,5})$/.exec(raw) ?? [];
  const host = written?.replace(/^\[(?!\.)/, "");
  const kind = host === undefined ? undefined : kindShown(host);
  if (host !== undefined && (kind === "ipv4" || kind === "ipv6" || kind === "domain")) {
    return { ok: true, value: { kind, raw: host }, port };
  }
  const reason = `Not a domain, address, URL, hash or the like: ${raw.slice(0, 80)}`;
  return { ok: false, code: "not-an-indicator", reason };
}

// A value that shows what it is need not agree with its column's name; a file name or a mutex cannot.
function kindIn(raw: string, byColumn: readonly ObservableKind[] | undefined): ObservableKind | undefined {
  if (byColumn === undefined) return kindShown(raw);
  const [only] = byColumn;
  if (only !== undefined && byColumn.length === 1 && !isTelling(only)) return only;
  const shown = kindShown(raw);
  return shown !== undefined && (byColumn.includes(shown) || isTelling(shown)) ? shown : undefined;
}

export const readLabels = remembered((cell: string): readonly string[] => {
  const labels = partsOfCell(cell).filter((label) => readTag(label) === undefined);
  const short = labels.map((label) => label.slice(0, 200).toWellFormed());
  return [...new Set(short)].slice(0, MOST_LABELS);
});

/** Texts as one, without the empty ones; nothing when all are. */
export function joined(parts: readonly (string | undefined)[]): string | undefined {
  const text = parts.filter((part) => part !== undefined && part !== "").join("\n");
  return text === "" ? undefined : text.slice(0, LONGEST_TEXT).toWellFormed();
}

/** Scales of STIX 2.1 appendix A whose words a cell may hold; a digit alone is a number. */
const SCALES = ["none-low-med-high", "wep", "dni", "admiralty"] as const;

function confidenceInWords(text: string): number | undefined {
  const word = text.toLowerCase() === "moderate" ? "medium" : text;
  return SCALES.map((scale) => confidenceFrom(word, scale)).find((said) => said !== undefined);
}

/** A number up to 100, a share with a decimal point, or a word. */
export const readConfidence = remembered((text: string): number | undefined => {
  const match = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(text);
  if (match === null) return confidenceInWords(text);
  const value = Number(match[1]) * (text.includes(".") && Number(match[1]) <= 1 ? 100 : 1);
  return value <= 100 ? Math.round(value) : undefined;
});
