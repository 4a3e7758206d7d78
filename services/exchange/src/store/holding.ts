import type { Queryable } from "@suar/runtime";

/* What of that which a reader was sent holds a value: one of its audiences after the other, so that nobody else's rows are come by. */

/** A row of keys stands for copies with the next ids, too: so many at most (the gate's MOST_VIEWS). */
export const MOST_COPIES_BESIDE = 16;

/** Of a key, and of one of the reader's audiences, the newest rows. */
export const heldBy = (key: string, audience: string, most: string): string =>
  `SELECT audience_id, rendition_id, also FROM observable
    WHERE key = ${key} AND audience_id = ${audience} AND rendition_id < $1 ORDER BY rendition_id DESC LIMIT ${most}`;

/** Of one audience at least, however many there are: more than copies beside each other. */
const LEAST_OF_ONE = 64;

/**
 * The newest row of each audience tells which of them can have a part in the newest of all. Of these each is looked into as
 * deep as its share of the look goes: whoever has very many audiences has no more work done than others.
 */
const HOLDING = `
  WITH heads AS MATERIALIZED (
         SELECT own.audience_id, head.rendition_id AS top FROM audience_organisation own
          CROSS JOIN LATERAL (${heldBy("$2", "own.audience_id", "1")}) head),
       cut AS MATERIALIZED (SELECT DISTINCT top FROM heads ORDER BY top DESC OFFSET $3 - 1 LIMIT 1),
       newest AS MATERIALIZED (SELECT audience_id FROM heads WHERE top >= coalesce((SELECT top FROM cut), 0)),
       share AS MATERIALIZED (
         SELECT least($3, greatest(${LEAST_OF_ONE}, 4 * $3 / greatest(count(*), 1))) AS most FROM newest),
       held AS MATERIALIZED (
         SELECT held.* FROM newest
          CROSS JOIN LATERAL (${heldBy("$2", "newest.audience_id", "(SELECT most FROM share)")}) held),
       ends AS MATERIALIZED (
         SELECT min(rendition_id) AS low FROM held GROUP BY audience_id HAVING count(*) = (SELECT most FROM share))
  SELECT rendition_id, max(also) AS also, greatest((SELECT top FROM cut), (SELECT max(low) FROM ends)) AS stopped
    FROM held GROUP BY rendition_id ORDER BY rendition_id DESC LIMIT $3`;

type Row = { rendition_id: number; also: number; stopped: number | null };

/** `bottom`: where the look stopped before the end; of what is above it everything is there. */
type Holding = { ids: number[]; bottom: number | undefined };

/** The newest renditions below one that hold a key, whether or not the reader has every copy among them. */
export async function selectHolding(
  db: Queryable,
  key: string,
  { before, most }: { before: number; most: number },
): Promise<Holding> {
  const { rows } = await db.query<Row>(HOLDING, [before, key, most]);
  const bottom = bottomOf(rows, most);
  const ids = rows.flatMap(({ rendition_id: first, also }) =>
    Array.from({ length: also + 1 }, (_, n) => first + n),
  );
  return { ids: [...new Set(ids)].filter((id) => id < before && id >= (bottom ?? 0)), bottom };
}

/** A row below the last one that was looked at reaches above it by its copies. */
function bottomOf(rows: readonly Row[], most: number): number | undefined {
  const last = rows.length === most ? rows.at(-1)?.rendition_id : undefined;
  const stopped = Math.max(rows[0]?.stopped ?? 0, last ?? 0);
  return stopped === 0 ? undefined : stopped + MOST_COPIES_BESIDE;
}
