import { inBatches } from "../batch.ts";
import { sniffDelimiter } from "../csv/delimiter.ts";
import { BrokenTable, type Row, type Rows, rowsOf } from "../csv/rows.ts";
import { decodeText } from "../decode-text.ts";
import type { Reader, ReaderEvent } from "../draft.ts";
import { FormatError, WHOLE } from "../format-error.ts";
import { readLabelLine } from "../marking-label.ts";
import { matchReport } from "./match-report.ts";
import { ReportRows } from "./report-rows.ts";

const HEAD = 16 * 1024;

/**
 * Reports of Shadowserver, a row at a time: what was seen as observed data, under an incident that bears the report's
 * class. Reading holds a chunk and a row.
 */
export const shadowserverReader: Reader = {
  name: "shadowserver",
  mediaTypes: ["application/vnd.shadowserver+csv"],
  streaming: true,
  detect(_mediaType, head) {
    const line = firstLine(head.replace(/^\u00ef\u00bb\u00bf/, ""));
    const header = line.split(sniffDelimiter(line)).map((cell) => cell.replaceAll('"', ""));
    return matchReport(header) === undefined ? 0 : 0.95;
  },
  async *read(source, { isBeginning = false }) {
    const { first, all } = await withHead(decodeText(source));
    const delimiter = sniffDelimiter(firstLine(first));
    const rows = rowsOf(narrow(all(), delimiter), delimiter);
    try {
      yield* readRows(rows);
    } catch (error) {
      if (!(error instanceof BrokenTable)) throw error;
      if (!isBeginning) throw new FormatError("bad-header", error.message, `line ${error.line}`);
    }
  },
};

/** The header: comments and labels may stand above it. */
function firstLine(text: string): string {
  const lines = text.slice(0, HEAD).split(/\r\n|\n|\r/);
  const isAbove = (line: string): boolean =>
    line.trim() === "" || line.startsWith("#") || readLabelLine(line) !== undefined;
  return lines.find((line) => !isAbove(line)) ?? "";
}

async function withHead(
  text: AsyncGenerator<string>,
): Promise<{ first: string; all: () => AsyncGenerator<string> }> {
  let first = "";
  while (first.length < HEAD) {
    const next = await text.next();
    if (next.done === true) break;
    first += next.value;
  }
  if (first.trim() === "") throw new FormatError("empty", "There is nothing in it", "line 1");
  async function* all(): AsyncGenerator<string> {
    yield first;
    yield* text;
  }
  return { first: first.replace(/^\ufeff/, ""), all };
}

/** A row of a million cells is a million objects before anybody can count them. */
const MOST_CELLS = 20_000;

async function* narrow(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<string> {
  let cells = 0;
  for await (const chunk of text) {
    for (const character of chunk) {
      if (character === "\n" || character === "\r") cells = 0;
      else if (character === delimiter) cells += 1;
      if (cells > MOST_CELLS)
        throw new FormatError("bad-header", `A row of more than ${MOST_CELLS} cells`, WHOLE);
    }
    yield chunk;
  }
}

async function* readRows(source: AsyncGenerator<Rows>): AsyncGenerator<ReaderEvent[]> {
  let header: Row | undefined;
  let report: ReportRows | undefined;
  for await (const { rows, markings } of source) {
    if (markings.length > 0) yield markings.map((marking) => ({ marking }));
    const body = header === undefined ? rows.slice(1) : rows;
    header ??= rows[0];
    const [first] = body;
    if (header === undefined || first === undefined) continue;
    report ??= openReport(header, first);
    yield* inBatches(report.read(body));
  }
  if (report === undefined) throw new FormatError("empty", "There is no row in it", "line 1");
  yield* inBatches(report.finished());
}

function openReport({ cells, line }: Row, first: Row): ReportRows {
  const match = matchReport(cells);
  if (match !== undefined) return new ReportRows(match, line, first);
  const seen = cells.slice(0, 10).join(", ").slice(0, 300);
  throw new FormatError("bad-header", `No report of Shadowserver has these columns: ${seen}`, `line ${line}`);
}
