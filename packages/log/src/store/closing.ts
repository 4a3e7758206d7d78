import type { Queryable } from "@suar/runtime";
import { type Closed, type ClosedRows, closedOf, readClosed } from "./entries.ts";

/** Renditions that were closed, and the transaction from which on the next look has to look again. */
export type ClosingsSince = { next: string; closings: { id: number; rendition: number }[] };

/**
 * What was closed in transactions that were not over at an earlier look; the first, `from` undefined, finds nothing and
 * tells where to begin. A database that was copied by its contents numbers its transactions anew, hence the hour.
 */
export async function selectClosings(db: Queryable, from: string | undefined): Promise<ClosingsSince> {
  const { rows } = await db.query<ClosingsSince>({
    name: "select-closings",
    text: `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS next,
                  coalesce((SELECT json_agg(json_build_object('id', id, 'rendition', rendition_id)) FROM closing
                             WHERE written_in >= $1::text::xid8 AND at > now() - interval '1 hour'), '[]') AS closings`,
    values: [from ?? null],
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
