import type { Answer } from "../support/api.ts";
import type { Reader } from "./readers.ts";

/** What came back, and what it came from. */
export type Seen = {
  /** Who asked, and those who are known to be answered alike. */
  readers: readonly [Reader, ...Reader[]];
  where: string;
  status: number;
  text: string;
  headers: string;
  foreign: boolean;
  writes: boolean;
};

export async function ask(
  reader: Reader,
  method: string,
  path: string,
  more: { foreign: boolean; body?: unknown },
): Promise<Seen> {
  const headers: Record<string, string> = method === "PUT" ? { "if-match": '"1"' } : {};
  const answer = await reader.api.send(method, path, more.body, headers);
  return seenIn(reader, `${method} ${path}`, answer, { foreign: more.foreign, writes: method !== "GET" });
}

export function seenIn(
  reader: Reader,
  where: string,
  { status, text, headers }: Answer,
  more: { foreign: boolean; writes: boolean },
): Seen {
  return { readers: [reader], where, status, text, headers: [...headers].join("\n"), ...more };
}
