import { AppError } from "./errors.ts";

/**
 * A place in a list that is ordered by (key, id), newest first: the last row that was read. The key is the
 * log's seq, or a time in whole microseconds as PostgreSQL keeps it: in milliseconds, rows of one of them
 * would be skipped. The id tells rows of one key apart. Opaque to clients.
 */
export type ListPlace = { key: number; id: string };

/** Before every row: 2^53 - 1 microseconds are the year 2255. */
const BEGINNING: ListPlace = { key: Number.MAX_SAFE_INTEGER, id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };
const PLACE = /^(0|[1-9]\d{0,15})\.([0-9a-z-]{1,36})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The place that a query's `after` names, in a list of rows with such ids; without it the list's beginning.
 * Throws `bad-cursor`.
 */
export function parseListPlace(after: string | undefined, ids: RegExp = UUID): ListPlace {
  if (after === undefined) return BEGINNING;
  const [, key, id] = PLACE.exec(after) ?? [];
  if (id === undefined || !ids.test(id) || !Number.isSafeInteger(Number(key)))
    throw new AppError("bad-cursor");
  return { key: Number(key), id };
}

export function formatListPlace({ key, id }: ListPlace): string {
  return `${key}.${id}`;
}

/** The same for a list whose key alone tells its rows apart. */
export function parseListKey(after: string): number {
  const key = /^(?:0|[1-9]\d{0,15})$/.test(after) ? Number(after) : Number.NaN;
  if (!Number.isSafeInteger(key)) throw new AppError("bad-cursor");
  return key;
}

/** A page out of one row more than fits on it: that one only tells that there is a next page. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { rows: readonly Row[]; next?: string } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return rows.length <= limit || last === undefined ? { rows: page } : { rows: page, next: cursorOf(last) };
}

/** The same of rows with their time of making, newest first. */
export function cutNewest<Row extends { created_us: number; id: string }>(
  rows: readonly Row[],
  limit: number,
): { rows: readonly Row[]; next?: string } {
  return cutPage(rows, limit, ({ created_us: key, id }) => formatListPlace({ key, id }));
}
