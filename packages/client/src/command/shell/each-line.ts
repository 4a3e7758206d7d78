import { createReadStream } from "node:fs";
import type { Context } from "./context.ts";
import { UsageError } from "./exit-codes.ts";

const LONGEST_LINE = 256 * 1024 * 1024;
const NEWLINE = 0x0a;

/** A line's JSON, or why it is none. */
export type Line = { ok: true; value: unknown } | { ok: false; message: string };

/**
 * Answers each line of a file (`-`: of standard input) with one line of JSON, in order and at the reader's pace.
 * Lines end with LF alone: JSON may hold every other line separator. Memory stays at a line.
 */
export async function answerEachLine(
  context: Context,
  file: string,
  answer: (line: Line) => unknown,
  parse: (text: string) => unknown = JSON.parse,
): Promise<undefined> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  try {
    for await (const line of linesOf(input))
      await context.terminal.printJson(answered(parsed(line, parse), answer));
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && file !== "-")) throw error;
    throw new UsageError(`${file} cannot be read: ${error.message}`, { cause: error });
  }
  return undefined;
}

/** A line that breaks the program is answered like one that cannot be read: the lines after it want theirs too. */
function answered(line: Line, answer: (line: Line) => unknown): unknown {
  try {
    return answer(line);
  } catch (error) {
    return answer({ ok: false, message: `a fault of this program: ${String(error)}` });
  }
}

async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      parts.push(chunk.subarray(from, end));
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    size += rest.byteLength;
    if (size > LONGEST_LINE) throw new RangeError(`a line of more than ${LONGEST_LINE} bytes`);
    if (rest.byteLength > 0) parts.push(rest);
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

/** Strict, since what is no UTF-8 is no JSON (RFC 8259 §8.1); a byte order mark is passed over. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

function parsed(line: Buffer, parse: (text: string) => unknown): Line {
  try {
    return { ok: true, value: parse(utf8.decode(line)) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
