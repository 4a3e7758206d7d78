import { type CsvError, type Options, Parser } from "csv-parse";
import type { Delimiter } from "./delimiter.ts";

/** A row's cells, at most one more than a table may have columns: enough to tell that there are too many. */
export type Row = { line: number; cells: string[] };

/** Where reading has to stop: nothing after this line can be told apart. */
export class BrokenTable extends Error {
  readonly line: number;
  constructor(line: number, cause: unknown) {
    super("A quote is opened here and not closed; nothing after it was read", { cause });
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
 * Rows of a table with the line that each begins on. Blank lines and lines that begin with # are passed over.
 * Memory stays at a chunk and a row. Throws BrokenTable after the last row that could be read.
 */
export async function* rowsOf(text: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<Row[]> {
  const parser = new Parser({ ...OPTIONS, delimiter });
  let failure: CsvError | undefined;
  parser.on("skip", (error: CsvError) => {
    failure ??= error;
  });
  let line = 1;
  const drain = (): Row[] => {
    const rows: Row[] = [];
    for (let cells = nextOf(parser); cells !== undefined; cells = nextOf(parser)) {
      if (!isPassedOver(cells))
        rows.push({ line, cells: cells.length > MOST_COLUMNS ? cells.slice(0, MOST_COLUMNS + 1) : cells });
      line += 1 + lineBreaksWithin(cells);
    }
    return rows;
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
