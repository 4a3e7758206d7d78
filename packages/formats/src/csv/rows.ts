import { type CsvError, type Options, Parser } from "csv-parse";
import type { WholeMarking } from "../draft.ts";
import { readLabelLine, wholeMarking } from "../marking-label.ts";
import { Strictest } from "../stricter-marking.ts";
import type { Delimiter } from "./delimiter.ts";

/** A row's cells. Of more than a table may have columns one is kept, enough to tell that there are too many. */
export type Row = { line: number; cells: string[] };

/** Rows, and what lines between them say of the whole table. */
export type Rows = { rows: Row[]; markings: WholeMarking[] };

/** Where reading has to stop: nothing after this line can be told apart. */
export class BrokenTable extends Error {
  readonly line: number;
  constructor(line: number, cause: unknown) {
    super("A quote is opened here and not closed: what stands behind it cannot be told apart", { cause });
    this.line = line;
  }
}

/** Tables that people keep have dozens. A megabyte of commas would be a million. */
export const MOST_COLUMNS = 500;
const LONGEST_ROW = 1024 * 1024;

const OPTIONS: Options = {
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: LONGEST_ROW,
  // Without this an error would destroy the stream, and with it the rows read before the bad one.
  skip_records_with_error: true,
};

/**
 * Rows of a table with the line that each begins on. Blank lines and lines that begin with # are no rows, nor
 * are those that hold nothing but a label, as `TLP:RED`; what they say is said of the whole. Memory stays at a
 * chunk and a row. Throws BrokenTable after the last row that could be read, and `unknown-marking`.
 */
export async function* rowsOf(text: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<Rows> {
  const parser = new Parser({ ...OPTIONS, delimiter });
  let failure: CsvError | undefined;
  parser.on("skip", (error: CsvError) => {
    failure ??= error;
  });
  let line = 1;
  const said = new Strictest();
  const drain = (): Rows => {
    const drained: Rows = { rows: [], markings: [] };
    for (let cells = nextOf(parser); cells !== undefined; cells = nextOf(parser)) {
      const marking = markingOf(cells, line);
      if (marking !== undefined && said.isNews(marking)) drained.markings.push(marking);
      if (marking === undefined && !isPassedOver(cells)) drained.rows.push({ line, cells: narrowed(cells) });
      line += 1 + lineBreaksWithin(cells);
    }
    return drained;
  };
  for await (const chunk of text) {
    // The parser works within write(): what it made of a chunk can be read at once.
    parser.write(chunk);
    yield drain();
    if (failure !== undefined) throw new BrokenTable(line, failure);
  }
  await new Promise<void>((resolve, reject) => {
    parser.once("finish", resolve).once("error", reject);
    parser.end();
  });
  yield drain();
  if (failure !== undefined) throw new BrokenTable(line, failure);
}

function nextOf(parser: Parser): string[] | undefined {
  return (parser.read() as string[] | null) ?? undefined;
}

/** Of cells that no table may have only the labels are kept: they mark the row all the same. */
function narrowed(cells: string[]): string[] {
  if (cells.length <= MOST_COLUMNS) return cells;
  const labels = cells.slice(MOST_COLUMNS + 1).filter((cell) => readLabelLine(cell) !== undefined);
  return [...cells.slice(0, MOST_COLUMNS + 1), ...new Set(labels)];
}

/** What a comment says, or a line of which but one cell is filled. */
function markingOf(cells: readonly string[], line: number): WholeMarking | undefined {
  const only = onlyCell(cells);
  const text = only ?? (cells[0]?.startsWith("#") === true ? cells.join(" ") : undefined);
  return text === undefined ? undefined : wholeMarking(text, `line ${line}`);
}

function onlyCell(cells: readonly string[]): string | undefined {
  let only: string | undefined;
  for (const cell of cells) {
    if (cell === "" || cell.trim() === "") continue;
    if (only !== undefined) return undefined;
    only = cell;
  }
  return only;
}

function isPassedOver(cells: readonly string[]): boolean {
  const [first = ""] = cells;
  return first.startsWith("#") || (first.trim() === "" && cells.every((cell) => cell.trim() === ""));
}

function lineBreaksWithin(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells)
    for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) breaks += 1;
  return breaks;
}
