import { FormatError } from "../format-error.ts";
import { kindShown } from "../value-kind.ts";
import { type Column, columnNamed, type Role } from "./header.ts";
import { MOST_COLUMNS, type Row } from "./rows.ts";

type ValueColumn = { at: number; column: Extract<Column, { role: "value" }> };

/** A column of TLP or PAP levels. */
export type LevelColumn = { at: number; role: "tlp" | "pap" };

/** Which column of a table tells what. */
export type Layout = {
  /** How many rows stand before the first record: the header, and what is above it. */
  before: number;
  width: number;
  values: readonly ValueColumn[];
  /** The column of a role: the first of that name. */
  places: Readonly<Partial<Record<Role, number>>>;
  /** Columns that tell the same as another of their name does: their text is joined, of levels the strictest. */
  descriptions: readonly number[];
  labels: readonly number[];
  levels: readonly LevelColumn[];
  unmapped: readonly { at: number; name: string }[];
  /** Columns of Suar's own tables that say whose statement a row is: they go round no further. */
  said: { by?: number; id?: number };
};

/** A column whose name says nothing is one of values when this share of it shows to be. */
const ENOUGH = 0.5;

/**
 * Lays a table out by its header, or, where that names no value, by what its columns hold. Throws `bad-header`
 * when no column holds anything to look for, or there are too many.
 */
export function layOut(table: readonly Row[]): Layout {
  const rows = table.map(({ cells }) => cells);
  const header = headerAmong(rows) ?? 0;
  const at = `line ${table[header]?.line ?? 1}`;
  const first = rows[header] ?? [];
  if (first.length > MOST_COLUMNS)
    throw new FormatError("bad-header", `More than ${MOST_COLUMNS} columns`, at);
  const firstHoldsValue = holdsValue(first);
  const named = first.map(columnNamed);
  if (!firstHoldsValue && namesValue(named)) return layoutOf(named, first, header + 1);
  const body = firstHoldsValue ? rows : rows.slice(1);
  const best = tellingColumn(body);
  if (best === undefined) {
    const seen = first.map((cell) => cell.slice(0, 40)).join(", ");
    const detail = `No column is known to hold values; name one "value" (columns: ${seen.slice(0, 300)})`;
    throw new FormatError("bad-header", detail, at);
  }
  const columns = first.map(
    (_, at): Column => (at === best ? { role: "value" } : unlessValue(named[at], firstHoldsValue)),
  );
  return layoutOf(columns, first, firstHoldsValue ? 0 : 1);
}

/** A title or a date may stand above the header: of a level that only its column tells nothing would be known. */
const MOST_ABOVE = 10;

function headerAmong(rows: readonly (readonly string[])[]): number | undefined {
  for (const [at, row] of rows.slice(0, MOST_ABOVE).entries()) {
    if (holdsValue(row)) return undefined;
    if ((at === 0 || row.length > 1) && namesValue(row.map(columnNamed))) return at;
  }
  return undefined;
}

const holdsValue = (row: readonly string[]): boolean =>
  row.some((cell) => kindShown(cell.trim()) !== undefined);

const namesValue = (columns: readonly Column[]): boolean => columns.some(({ role }) => role === "value");

function unlessValue(column: Column | undefined, isData: boolean): Column {
  return isData || column === undefined || column.role === "value" ? { role: "unmapped" } : column;
}

function tellingColumn(rows: readonly (readonly string[])[]): number | undefined {
  const widest = Math.max(0, ...rows.map((row) => row.length));
  let best: number | undefined;
  let bestShare = 0;
  for (let at = 0; at < widest; at++) {
    const cells = rows.map((row) => row[at]?.trim() ?? "").filter((cell) => cell !== "");
    const share = cells.filter((cell) => kindShown(cell) !== undefined).length / Math.max(1, cells.length);
    if (cells.length > 0 && share >= ENOUGH && share > bestShare) {
      best = at;
      bestShare = share;
    }
  }
  return best;
}

function layoutOf(columns: readonly Column[], header: readonly string[], before: number): Layout {
  const values: ValueColumn[] = [];
  const places: Partial<Record<Role, number>> = {};
  const descriptions: number[] = [];
  const labels: number[] = [];
  const levels: LevelColumn[] = [];
  const unmapped: { at: number; name: string }[] = [];
  for (const [at, column] of columns.entries()) {
    const name = before > 0 ? (header[at]?.trim().slice(0, 80) ?? "") : `column ${at + 1}`;
    if (column.role === "value") values.push({ at, column });
    else if (column.role === "description") descriptions.push(at);
    else if (column.role === "labels") labels.push(at);
    else if (column.role === "tlp" || column.role === "pap") levels.push({ at, role: column.role });
    else if (column.role === "unmapped" || places[column.role] !== undefined) unmapped.push({ at, name });
    else places[column.role] = at;
  }
  const said = saidIn(unmapped);
  return { before, width: columns.length, values, places, descriptions, labels, levels, unmapped, said };
}

function saidIn(unmapped: Layout["unmapped"]): Layout["said"] {
  const place = (wanted: string) => unmapped.find(({ name }) => name.toLowerCase() === wanted)?.at;
  const [by, id] = [place("producer"), place("id")];
  return { ...(by !== undefined && { by }), ...(id !== undefined && { id }) };
}
