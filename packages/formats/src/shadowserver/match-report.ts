import { REPORT_KINDS, type ReportKind } from "./reports.ts";

/** How a header stands to the report that it is nearest to. */
export type Match = {
  /** One, or several whose columns are the same (IPv4 and IPv6, scans and their populations). */
  kinds: readonly ReportKind[];
  /** The schema's name of each column of the header; its own name where the schema has none. */
  columns: readonly string[];
  added: readonly string[];
  missing: readonly string[];
  renamed: readonly (readonly [written: string, known: string])[];
};

/**
 * With less in common a header is of some other table. Nearly all of a report's columns have to be there; else half of
 * them, or most of its own where it was cut, and among them one that few reports have: time, address, name, network and
 * place stand in most tables of anybody's.
 */
const ENOUGH_OF_REPORT = 0.8;
const ENOUGH = 0.5;
const ENOUGH_OF_OWN = 0.8;
const FEWEST = 10;
/** The share of all reports that makes a column one of many. */
const COMMON = 0.5;

/** A column that few reports have tells them apart; those that all have tell nothing. */
const WEIGHTS: ReadonlyMap<string, number> = weigh();

/** The kinds of reports that a header shows, however its columns have drifted since; nothing for other tables. */
export function matchReport(header: readonly string[]): Match | undefined {
  const written = header.map(plain);
  const own = new Set(written);
  if (!own.has("timestamp")) return undefined;
  let likeness = 0;
  let kinds: ReportKind[] = [];
  for (const kind of REPORT_KINDS) {
    const share = likenessOf(own, kind.columns);
    if (share > likeness) [likeness, kinds] = [share, []];
    if (share === likeness) kinds.push(kind);
  }
  const [kind] = kinds;
  return kind === undefined || !isEnough(own, kind) ? undefined : { kinds, ...driftOf(written, kind) };
}

/** The weight of what both have, of the weight of what either has. */
function likenessOf(own: ReadonlySet<string>, columns: readonly string[]): number {
  let shared = 0;
  let all = 0;
  for (const column of new Set([...own, ...columns])) all += WEIGHTS.get(column) ?? 0;
  for (const column of columns) if (own.has(column)) shared += WEIGHTS.get(column) ?? 0;
  return shared / all;
}

function isEnough(own: ReadonlySet<string>, { columns }: ReportKind): boolean {
  const shared = columns.filter((column) => own.has(column));
  const share = shared.length / (own.size + columns.length - shared.length);
  if (share >= ENOUGH && shared.length / columns.length >= ENOUGH_OF_REPORT) return true;
  const isCut = shared.length / own.size >= ENOUGH_OF_OWN;
  return shared.length >= FEWEST && (share >= ENOUGH || isCut) && shared.some(isRare);
}

function isRare(column: string): boolean {
  return (WEIGHTS.get(column) ?? 0) * REPORT_KINDS.length * COMMON > 1;
}

function weigh(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { columns } of REPORT_KINDS)
    for (const column of columns) counts.set(column, (counts.get(column) ?? 0) + 1);
  return new Map([...counts].map(([column, count]) => [column, 1 / count]));
}

function driftOf(written: readonly string[], { columns }: ReportKind): Omit<Match, "kinds"> {
  const known = new Set(columns);
  const own = new Set(written);
  const renamed: [string, string][] = [];
  for (const [at, column] of written.entries()) {
    if (known.has(column)) continue;
    const before = columns.indexOf(written[at - 1] ?? "");
    const stood = columns[before + 1];
    // It stands between the same neighbours as a column that is gone.
    const follows = written[at + 1] === undefined ? undefined : columns[before + 2];
    if (stood !== undefined && !own.has(stood) && follows === written[at + 1] && isAlike(column, stood))
      renamed.push([column, stood]);
  }
  const names = new Map(renamed);
  const replaced = new Set(names.values());
  return {
    columns: written.map((column) => names.get(column) ?? column),
    added: written.filter((column) => !known.has(column) && !names.has(column)),
    missing: columns.filter((column) => !own.has(column) && !replaced.has(column)),
    renamed,
  };
}

/** Two names share a word, as `src_ip` and `source_ip` do; else it is another column that came where one went. */
function isAlike(a: string, b: string): boolean {
  const words = new Set(a.split("_"));
  return b.split("_").some((word) => words.has(word)) || a.replaceAll("_", "") === b.replaceAll("_", "");
}

function plain(column: string): string {
  return column
    .replace(/^\ufeff/, "")
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, "_");
}
