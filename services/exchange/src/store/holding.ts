import type { Queryable } from "@suar/runtime";

/* What of that which a reader was sent holds a value: one of its audiences after the other, so that nobody else's rows are come by. */

/** A row of keys stands for copies with the next ids, too: so many at most (the gate's MOST_VIEWS). */
export const MOST_COPIES_BESIDE = 16;

/** Of a key, and of one of the reader's audiences, the newest rows. */
export const heldBy = (key: string, audience: string, most: string): string =>
  `SELECT audience_id, rendition_id, also FROM observable
    WHERE key = ${key} AND audience_id = ${audience} AND rendition_id < $1 ORDER BY rendition_id DESC LIMIT ${most}`;

type Row = { audience_id: number; rendition_id: number; also: number };

/** `bottom`: where the look stopped before the end; of what is above it everything is there. */
type Holding = { ids: number[]; bottom: number | undefined };

/** Renditions below one that hold a key, the newest of each audience, whether or not the reader has every copy among them. */
export async function selectHolding(
  db: Queryable,
  key: string,
  { before, most }: { before: number; most: number },
): Promise<Holding> {
  const { rows } = await db.query<Row>(
    `SELECT held.* FROM audience_organisation own
      CROSS JOIN LATERAL (${heldBy("$2", "own.audience_id", "$3")}) held`,
    [before, key, most],
  );
  const bottom = bottomOf(rows, most);
  const ids = rows.flatMap(({ rendition_id: first, also }) =>
    Array.from({ length: also + 1 }, (_, n) => first + n),
  );
  return { ids: [...new Set(ids)].filter((id) => id < before && id >= (bottom ?? 0)), bottom };
}

/** A row below the last one that was looked at reaches above it by its copies. */
function bottomOf(rows: readonly Row[], most: number): number | undefined {
  const looked = [...Map.groupBy(rows, ({ audience_id }) => audience_id).values()];
  const ends = looked
    .filter(({ length }) => length === most)
    .map((all) => Math.min(...all.map(({ rendition_id }) => rendition_id)));
  return ends.length === 0 ? undefined : Math.max(...ends) + MOST_COPIES_BESIDE;
}
