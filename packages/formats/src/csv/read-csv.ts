import { decodeText } from "../decode-text.ts";
import type { Reader, ReaderEvent } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { kindShown } from "../value-kind.ts";
import { sniffDelimiter } from "./delimiter.ts";
import { columnNamed } from "./header.ts";
import { layOut } from "./layout.ts";
import { RowReader } from "./row-reader.ts";
import { BrokenTable, type Row, rowsOf } from "./rows.ts";

const HEAD = 64 * 1024;
const SAMPLE = 100;
const SAMPLE_CHARACTERS = 4 * 1024 * 1024;
const BATCH = 500;

/** Tables with or without a header, whatever their delimiter: a row is a record, a value an indicator. */
export const csvReader: Reader = {
  name: "csv",
  mediaTypes: ["text/csv", "text/tab-separated-values", "application/csv"],
  streaming: true,
  detect(_mediaType, head) {
    const lines = Buffer.from(head, "latin1")
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .split(/\r\n|\n|\r/, 6);
    const filled = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
    const delimiter = sniffDelimiter(filled.join("\n"));
    const rows = filled.map((line) => line.split(delimiter).map((cell) => cell.replaceAll('"', "").trim()));
    const [first = [], second] = rows;
    const names = first.map(columnNamed);
    if (first.some((cell) => /[{}<>]/.test(cell)) || !names.some(({ role }) => role === "value"))
      return looksEven(rows) ? 0.5 : 0;
    return first.length > 1 || second !== undefined ? 0.9 : 0;
  },
  async *read(source) {
    const head = await withHead(decodeText(source));
    if (head.text.trim() === "") throw new FormatError("empty", "There is nothing in it");
    const rows = rowsOf(head.all(), sniffDelimiter(head.text.replace(/^\ufeff/, "")));
    yield* readRows(rows);
  },
};

// A table without a header: several columns throughout, one of which holds values.
function looksEven(rows: readonly (readonly string[])[]): boolean {
  const [first = []] = rows;
  const even =
    rows.length > 1 && first.length > 1 && rows.slice(0, -1).every((row) => row.length === first.length);
  return even && first.some((cell) => !cell.includes(" ") && kindShown(cell) !== undefined);
}

async function withHead(
  text: AsyncGenerator<string>,
): Promise<{ text: string; all: () => AsyncGenerator<string> }> {
  let head = "";
  while (head.length < HEAD) {
    const next = await text.next();
    if (next.done === true) break;
    head += next.value;
  }
  async function* all(): AsyncGenerator<string> {
    yield head;
    yield* text;
  }
  return { text: head.slice(0, HEAD), all };
}

async function* readRows(source: AsyncGenerator<Row[]>): AsyncGenerator<ReaderEvent[]> {
  const table = await firstRows(source);
  if (table.rows.length === 0) {
    if (table.broken !== undefined)
      throw new FormatError("bad-header", table.broken.message, `line ${table.broken.line}`);
    throw new FormatError("empty", "There is no row in it");
  }
  const layout = layOut(table.rows.slice(0, SAMPLE));
  const reader = new RowReader(layout);
  const losses = reader.losses();
  if (losses.length > 0) yield losses;
  let index = 0;
  const read = function* (rows: readonly Row[]): Generator<ReaderEvent[]> {
    let events: ReaderEvent[] = [];
    for (const row of rows) {
      reader.read(row, index++, events);
      if (events.length < BATCH) continue;
      yield events;
      events = [];
    }
    if (events.length > 0) yield events;
  };
  yield* read(layout.hasHeader ? table.rows.slice(1) : table.rows);
  let broken = table.broken;
  try {
    for await (const rows of source) yield* read(rows);
  } catch (error) {
    if (!(error instanceof BrokenTable)) throw error;
    broken = error;
  }
  if (broken !== undefined)
    yield [{ reject: { index, at: `line ${broken.line}`, code: "unclosed-quote", reason: broken.message } }];
}

/** Rows to lay the table out by. */
async function firstRows(source: AsyncGenerator<Row[]>): Promise<{ rows: Row[]; broken?: BrokenTable }> {
  const rows: Row[] = [];
  let characters = 0;
  try {
    while (rows.length < SAMPLE && characters < SAMPLE_CHARACTERS) {
      const next = await source.next();
      if (next.done === true) break;
      for (const row of next.value) {
        rows.push(row);
        for (const cell of row.cells) characters += cell.length;
      }
    }
  } catch (broken) {
    if (broken instanceof BrokenTable) return { rows, broken };
    throw broken;
  }
  return { rows };
}
