import type { Queryable } from "@suar/runtime";
import { type Closed, type ClosedRows, closedOf, readClosed } from "../store.ts";

/** Renditions that were closed, and the snapshot in which they were found, for the next look. */
export type ClosingsSince = { snapshot: string; renditions: number[] };

/**
 * What was closed in transactions that a look before did not see, and this one does; the first, `before` undefined, finds
 * nothing and tells where to begin. Either they began after it, or they are among the few that were under way: what it
 * costs does not grow with what was closed while the oldest of those goes on. Of rows that were copied from a database
 * which had numbered more transactions, none is looked at before its number comes.
 */
export async function selectClosings(db: Queryable, before: string | undefined): Promise<ClosingsSince> {
  const { rows } = await db.query<ClosingsSince>({
    name: "select-closings",
    text: `SELECT pg_current_snapshot()::text AS snapshot,
                  coalesce((SELECT json_agg(DISTINCT rendition_id) FROM (
                    SELECT rendition_id FROM closing
                     WHERE written_in >= pg_snapshot_xmax($1::text::pg_snapshot)
                       AND written_in < pg_snapshot_xmax(pg_current_snapshot())
                    UNION ALL
                    SELECT rendition_id FROM closing
                     WHERE written_in = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))) c), '[]') AS renditions`,
    values: [before ?? null],
  });
  const [found] = rows;
  if (found === undefined) throw new Error("the database says nothing of its transactions");
  return found;
}

/** What holds of a rendition by now, whatever an entry of it that was read before says. */
export type RenditionState = Closed & { stub: string | undefined };

export async function selectStates(
  db: Queryable,
  renditionIds: readonly number[],
): Promise<Map<number, RenditionState>> {
  const { rows } = await db.query<{ id: number; stub: string | null; closed: ClosedRows }>(
    `SELECT id, CASE WHEN withdrawn THEN body END AS stub, ${closedOf("r.id")} AS closed
       FROM rendition r WHERE id = ANY($1)`,
    [renditionIds],
  );
  return new Map(
    rows.map(({ id, stub, closed }) => [id, { stub: stub ?? undefined, ...readClosed(closed) }]),
  );
}
