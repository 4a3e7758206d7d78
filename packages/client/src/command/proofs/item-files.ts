import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Item } from "@suar/contract";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readText } from "../shell/read-text.ts";

/** An item as a member has kept it, and where. */
export type KeptItem = { place: string; item: Item };
export type Unreadable = { place: string; problem: string };

const Page = z.object({ items: z.array(z.unknown()) });
const Event = z.object({ type: z.string(), timestamp: z.string(), data: z.unknown() });

/**
 * The items of a file: one, a page of the log (`{items}`), the event of a webhook (`{type, timestamp, data}`), or a
 * line of JSON each (`suar log --json`, `suar watch --json`).
 */
export function readItems(text: string, place: string): (KeptItem | Unreadable)[] {
  return documentsOf(text, place).flatMap((document) => {
    const page = Page.safeParse(document.value);
    const values = page.success ? page.data.items : [document.value];
    return values.map((value) => readItem(value, document.place));
  });
}

function readItem(value: unknown, place: string): KeptItem | Unreadable {
  const event = Event.safeParse(value);
  const item = Item.safeParse(event.success ? event.data.data : value);
  return item.success ? { place, item: item.data } : { place, problem: "not an item of the log" };
}

/** The JSON documents of a file, one or a line each; a document that cannot be read is `undefined`. */
export function documentsOf(text: string, place: string): { place: string; value: unknown; text: string }[] {
  const whole = jsonOr(text, undefined);
  if (whole !== undefined) return [{ place, value: whole, text }];
  const lines = text.split("\n").map((line, index) => ({ line, place: `${place}:${index + 1}` }));
  return lines
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, place: where }) => ({ place: where, value: jsonOr(line, undefined), text: line }));
}

/** The files of JSON in a folder, the text of each. */
export async function* textsIn(folder: string): AsyncGenerator<{ place: string; text: string }> {
  for (const name of await namesIn(folder)) yield { place: name, text: await readText(join(folder, name)) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && /\.(?:nd)?json$/.test(entry.name));
    return files.map(({ name }) => name).sort();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${folder} cannot be read: ${why}`, { cause });
  }
}
