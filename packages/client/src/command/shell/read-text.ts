import { open } from "node:fs/promises";
import { UsageError } from "./exit-codes.ts";

const LONGEST_TEXT = 64 * 1024 * 1024;

/** Strict, since what is no UTF-8 is no JSON (RFC 8259 §8.1); a byte order mark is passed over. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A whole file of text that the command line names. */
export async function readText(file: string, longest = LONGEST_TEXT): Promise<string> {
  try {
    await using handle = await open(file, "r");
    const { size } = await handle.stat();
    if (size > longest) throw new UsageError(`${file} has more than ${longest} bytes`);
    return utf8.decode(await handle.readFile());
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read: ${why}`, { cause });
  }
}
