import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Item } from "@suar/contract";
import { jsonOr } from "../../error.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readText } from "../shell/read-text.ts";

/** An item as a member has kept it, and where. */
export type KeptItem = { place: string; item: ToldItem };
/** What any channel tells of an item that its receipt shows, too. */
export type ToldItem = Pick<Item, "seq" | "at" | "kind" | "tlp" | "producer" | "object">;
export type Unreadable = { place: string; problem: string };

/** The JSON documents of a file, one or a line each; a document that cannot be read is `undefined`. */
export function documentsOf(text: string, place: string): { place: string; value: unknown; text: string }[] {
  const whole = jsonOr(text, undefined);
  if (whole !== undefined) return [{ place, value: whole, text }];
  const lines = text.split("\n").map((line, index) => ({ line, place: `${place}:${index + 1}` }));
  return lines
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, place: where }) => ({ place: where, value: jsonOr(line, undefined), text: line }));
}

const OF_JSON = /\.(?:nd)?json$/;
/** Whatever its channel called it; but for what is hidden, which programs leave behind. */
export const ANY_FILE = /^[^.]/;

/** The files of a folder, by names: of JSON, unless others are wanted; the text of each. */
export async function* textsIn(
  folder: string,
  wanted = OF_JSON,
): AsyncGenerator<{ place: string; text: string }> {
  for (const name of await namesIn(folder, wanted))
    yield { place: name, text: await readText(join(folder, name)) };
}

async function namesIn(folder: string, wanted: RegExp): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && wanted.test(entry.name));
    return files.map(({ name }) => name).sort();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${folder} cannot be read: ${why}`, { cause });
  }
}
