import { z } from "zod";

/**
 * A place in a realm's log: everything up to and including `seq` was read. Opaque to clients. The epoch is
 * part of it so that a log restored from a backup never hands out a silent gap (DESIGN 4).
 */
export type Cursor = { epoch: string; seq: number };

const CURSOR = /^([a-z0-9]{8})\.(0|[1-9][0-9]{0,15})$/;

export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.seq}`;
}

/** Parses a cursor; undefined when it is not one. */
export function parseCursor(text: string): Cursor | undefined {
  const match = CURSOR.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const seq = Number(match[2]);
  return Number.isSafeInteger(seq) ? { epoch: match[1], seq } : undefined;
}

/** Where a reader asks to begin: the beginning (`0`), the present end (`latest`), or a cursor. */
export const After = z
  .union([z.literal(0), z.string().max(64)])
  .default(0)
  .describe("`0` from the beginning, `latest` from now on, or a cursor that an earlier answer gave");
export type After = z.infer<typeof After>;
