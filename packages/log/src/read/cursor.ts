import { type After, AppError, parseCursor } from "@suar/contract";
import type { Head } from "./entry.ts";

/**
 * Where to begin reading. Throws `bad-cursor` for what is no cursor (or lies ahead of the log), and
 * `cursor-reset` for a cursor of another epoch: the log was restored, and the reader has to be told.
 */
export function resolveAfter(after: After, head: Head): number {
  if (after === 0 || after === "0") return 0;
  if (after === "latest") return head.seq;
  const cursor = parseCursor(String(after));
  if (cursor === undefined) throw new AppError("bad-cursor", "Use 0, latest, or a cursor that Suar gave you");
  if (cursor.epoch !== head.epoch)
    throw new AppError("cursor-reset", "The log was restored; read again from 0");
  if (cursor.seq > head.seq) throw new AppError("bad-cursor", "The cursor lies ahead of the log");
  return cursor.seq;
}
