import { inBatches } from "../batch.ts";
import { decodeText } from "../decode-text.ts";
import type { Reader, ReaderEvent, WholeMarking } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { readLabelLine } from "../marking-label.ts";
import { kindShown } from "../value-kind.ts";
import { sniffDelimiter } from "./delimiter.ts";
import { columnNamed } from "./header.ts";
import { layOut } from "./layout.ts";
import { RowReader } from "./row-reader.ts";
import { BrokenTable, type Row, type Rows, rowsOf } from "./rows.ts";

const HEAD = 64 * 1024;
const SAMPLE = 100;
const SAMPLE_CHARACTERS = 4 * 1024 * 1024;
const BATCH = 500;

/** Tables with or without a header, whatever their delimiter: a row is a record, a value an indicator. */
export const csvReader: Reader = {
  name: "csv",
  mediaTypes: ["text/csv", "text/tab-separated-values", "application/csv"],
  streaming: true,
  flat: true,
  detect(_mediaType, head) {
    const lines = Buffer.from(head, "latin1")
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .split(/\r\n|\n|\r/, 6);
    const filled = lines.filter(
      (line) => line.trim() !== "" && !line.startsWith("#") && readLabelLine(line) === undefined,
    );
    const delimiter = sniffDelimiter(filled.join("\n"));
    const rows = filled.map((line) => line.split(delimiter).map((cell) => cell.replaceAll('"', "").trim()));
    const [first = [], second] = rows;
    const names = first.map(columnNamed);
    if (first.some((cell) => /[{}<>]/.test(cell)) || !names.some(({ role }) => role === "value"))
      return looksEven(rows) ? 0.5 : 0;
    return first.length > 1 || second !== undefined ? 0.9 : 0;
  },
  async *read(source, { isBeginning = false }) {
    const head = await withHead(decodeText(source));
    if (head.text.trim() === "") throw new FormatError("empty", "There is nothing in it", "line 1");
    const rows = rowsOf(head.all(), sniffDelimiter(head.text.replace(/^\ufeff/, "")));
    try {
      yield* readRows(rows);
    } catch (error) {
      // A row that says TLP:RED may be within the quote: what cannot be read is not passed over.
      if (!(error instanceof BrokenTable)) throw error;
      if (!isBeginning) throw new FormatError("bad-header", error.message, `line ${error.line}`);
    }
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

async function* readRows(source: AsyncGenerator<Rows>): AsyncGenerator<ReaderEvent[]> {
  const { rows, markings, broken } = await firstRows(source);
  if (rows.length === 0) throw broken ?? new FormatError("empty", "There is no row in it", "line 1");
  const layout = layOut(rows.slice(0, SAMPLE));
  const reader = new RowReader(layout);
  const above = rows.slice(0, layout.before);
  const said = [...markings, ...above.flatMap(markingsInHeader)];
  yield* inBatches([...said.map((marking) => ({ marking })), ...above.slice(0, -1).map(titleLost)]);
  yield* inBatches(reader.losses());
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
  yield* read(rows.slice(layout.before));
  if (broken !== undefined) throw broken;
  for await (const { rows, markings } of source) {
    if (markings.length > 0) yield markings.map((marking) => ({ marking }));
    yield* read(rows);
  }
}

/** A header's cell that is a label names no column: it is said of the whole. */
function markingsInHeader({ line, cells }: Row): WholeMarking[] {
  return cells.flatMap((cell) => {
    const marking = readLabelLine(cell)?.marking;
    return marking === undefined ? [] : [{ ...marking, at: `line ${line}` }];
  });
}

function titleLost({ line, cells }: Row): ReaderEvent {
  const reason = `Stands above the header: ${cells.join(" ").trim().slice(0, 80)}`;
  return { loss: { index: 0, at: `line ${line}`, field: "title", reason } };
}

type First = Rows & { broken?: BrokenTable };

/** Rows to lay the table out by. */
async function firstRows(source: AsyncGenerator<Rows>): Promise<First> {
  const first: First = { rows: [], markings: [] };
  let characters = 0;
  try {
    while (first.rows.length < SAMPLE && characters < SAMPLE_CHARACTERS) {
      const next = await source.next();
      if (next.done === true) break;
      first.markings.push(...next.value.markings);
      for (const row of next.value.rows) {
        first.rows.push(row);
        for (const cell of row.cells) characters += cell.length;
      }
    }
  } catch (broken) {
    if (broken instanceof BrokenTable) return { ...first, broken };
    throw broken;
  }
  return first;
}
