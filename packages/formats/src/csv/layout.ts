import { FormatError } from "../format-error.ts";
import { kindShown } from "../value-kind.ts";
import { type Column, columnNamed, type Role } from "./header.ts";
import { MOST_COLUMNS, type Row } from "./rows.ts";

type ValueColumn = { at: number; column: Extract<Column, { role: "value" }> };

/** Which column of a table tells what. */
export type Layout = {
  hasHeader: boolean;
  width: number;
  values: readonly ValueColumn[];
  /** The column of a role: the first of that name. */
  places: Readonly<Partial<Record<Role, number>>>;
  /** Columns that tell the same as another of their name does: their text is joined. */
  descriptions: readonly number[];
  labels: readonly number[];
  unmapped: readonly { at: number; name: string }[];
};

/** A column whose name says nothing is one of values when this share of it shows to be. */
const ENOUGH = 0.5;

/**
 * Lays a table out by its header, or, where that names no value, by what its columns hold. Throws `bad-header`
 * when no column holds anything to look for, or there are too many.
 */
export function layOut(table: readonly Row[]): Layout {
  const at = `line ${table[0]?.line ?? 1}`;
  const rows = table.map(({ cells }) => cells);
  const [first = [], ...rest] = rows;
  if (first.length > MOST_COLUMNS)
    throw new FormatError("bad-header", `More than ${MOST_COLUMNS} columns`, at);
  const firstHoldsValue = first.some((cell) => kindShown(cell.trim()) !== undefined);
  const named = first.map(columnNamed);
  if (!firstHoldsValue && named.some(({ role }) => role === "value")) return layoutOf(named, first, true);
  const body = firstHoldsValue ? rows : rest;
  const best = tellingColumn(body);
  if (best === undefined) {
    const seen = first.map((cell) => cell.slice(0, 40)).join(", ");
    const detail = `No column is known to hold values; name one "value" (columns: ${seen.slice(0, 300)})`;
    throw new FormatError("bad-header", detail, at);
  }
  const columns = first.map(
    (_, at): Column => (at === best ? { role: "value" } : unlessValue(named[at], firstHoldsValue)),
  );
  return layoutOf(columns, first, !firstHoldsValue);
}

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

function layoutOf(columns: readonly Column[], header: readonly string[], hasHeader: boolean): Layout {
  const values: ValueColumn[] = [];
  const places: Partial<Record<Role, number>> = {};
  const descriptions: number[] = [];
  const labels: number[] = [];
  const unmapped: { at: number; name: string }[] = [];
  for (const [at, column] of columns.entries()) {
    const name = hasHeader ? (header[at]?.trim().slice(0, 80) ?? "") : `column ${at + 1}`;
    if (column.role === "value") values.push({ at, column });
    else if (column.role === "description") descriptions.push(at);
    else if (column.role === "labels") labels.push(at);
    else if (column.role === "unmapped" || places[column.role] !== undefined) unmapped.push({ at, name });
    else places[column.role] = at;
  }
  return { hasHeader, width: columns.length, values, places, descriptions, labels, unmapped };
}
