import type { Answer } from "../support/api.ts";
import type { Reader } from "./readers.ts";

/** What came back, and what it came from. */
export type Seen = {
  where: string;
  status: number;
  text: string;
  headers: string;
  foreign: boolean;
  writes: boolean;
};

export async function ask(
  { api }: Reader,
  method: string,
  path: string,
  more: { foreign: boolean; body?: unknown },
): Promise<Seen> {
  const headers: Record<string, string> = method === "PUT" ? { "if-match": '"1"' } : {};
  const answer = await api.send(method, path, more.body, headers);
  return seenIn(`${method} ${path}`, answer, { foreign: more.foreign, writes: method !== "GET" });
}

export function seenIn(
  where: string,
  { status, text, headers }: Answer,
  more: { foreign: boolean; writes: boolean },
): Seen {
  return { where, status, text, headers: [...headers].join("\n"), ...more };
}
