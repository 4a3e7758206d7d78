import { WATCHED } from "@suar/contract";
import { type Entry, OwnFilter, type requestNames, selectHead, type WatchSeal, withNamed } from "@suar/log";
import type { Queryable } from "@suar/runtime";
import { type AssertionRow, type Found, type LookUp, selectNewest } from "./store/assertion.ts";

/** Bodies that one page looks through at most. */
const MOST_LOOKED_AT = 1_000;

/**
 * What of all that the caller may see concerns what it watches, newest first: a stretch of the log a page, whether anything
 * in it does or not, so that a page takes as long for whoever watches one thing as for thousands.
 */
export async function findWatched(
  db: Queryable,
  names: ReturnType<typeof requestNames>,
  seal: WatchSeal,
  organisationId: number,
  { type, before, limit }: LookUp,
): Promise<Found> {
  const matches = await new OwnFilter({ values: [WATCHED] }, seal, organisationId).matcher(db);
  const head = await selectHead(db);
  const from = Math.min(before, head.seq + 1);
  const looked = await selectNewest(db, { type, producer: undefined, before: from, limit: MOST_LOOKED_AT });
  const entries = await withNamed(db, names, looked.rows.map(entryOf));
  const found = looked.rows.filter((_, place) => {
    const entry = entries[place];
    return entry !== undefined && matches(entry);
  });
  const rows = found.slice(0, limit);
  if (found.length > limit) return { rows, downTo: rows.at(-1)?.seq };
  if (looked.rows.length === MOST_LOOKED_AT) return { rows, downTo: looked.rows.at(-1)?.seq };
  return looked.downTo > 0 ? { rows, downTo: looked.downTo + 1 } : { rows };
}

/** As far as assets are asked for: under row-level security all of it is the caller's to read. */
function entryOf(row: AssertionRow): Entry {
  const { id } = JSON.parse(row.body) as { id: string };
  return {
    seq: row.seq,
    at: row.at,
    kind: "released",
    isStub: row.is_stub,
    renditionId: row.rendition_id,
    audience: new Set(),
    producerId: row.producer,
    producer: "",
    tlp: row.tlp as Entry["tlp"],
    stixId: id,
    body: row.body,
  };
}
