import { bigintColumn, type Queryable } from "@suar/runtime";

/** Where the log stands: `from` is the last entry before a moment, `to` the newest. */
export type Stretch = { from: number; to: number };

/** Halves the log: its entries have no index by time, and their times grow with their numbers. */
export async function selectStretch(db: Queryable, since: Date): Promise<Stretch> {
  const { rows } = await db.query<Stretch>(
    `WITH RECURSIVE half (lo, hi) AS (
            SELECT 1::bigint, seq + 1 FROM log_head
            UNION ALL
            SELECT CASE WHEN e.logged_at < $1 THEN e.seq + 1 ELSE lo END,
                   CASE WHEN e.logged_at < $1 THEN hi ELSE middle END
              FROM (SELECT lo, hi, (lo + hi) / 2 AS middle FROM half WHERE lo < hi) h,
                   LATERAL (SELECT seq, logged_at FROM log WHERE seq >= middle ORDER BY seq LIMIT 1) e)
     SELECT max(lo) - 1 AS from, (SELECT seq FROM log_head) AS to FROM half`,
    [since],
  );
  const [found] = rows;
  if (found === undefined) throw new Error("the log has no head");
  return found;
}

/** An entry of the log: the rendition that its readers have, and the whole one that this was made of. */
export type Entry = { seq: number; renditionId: number; wholeId: number; producer: number; shownId: string };

/** Entries of these producers after one and up to another, of what is not taken back: as far as the caller sees them. */
export async function selectEntries(
  db: Queryable,
  producers: readonly number[],
  { from, to }: Stretch,
): Promise<Entry[]> {
  const { rows } = await db.query<Entry>(
    `SELECT l.seq, r.id AS "renditionId", coalesce(r.copy_of, r.id) AS "wholeId", r.producer, r.stix_id AS "shownId"
       FROM log l JOIN rendition r ON r.id = l.rendition_id
      WHERE l.seq > $2 AND l.seq <= $3 AND r.producer = ANY ($1) AND l.kind <> 'withdrawn'
        AND NOT r.withdrawn AND NOT r.closes ORDER BY l.seq`,
    [producers, from, to],
  );
  return rows;
}

/** Of each of these renditions the first entry after one, as far as the caller sees them. */
export async function selectFirstEntries(
  db: Queryable,
  renditionIds: readonly number[],
  { from, to }: Stretch,
): Promise<Map<number, number>> {
  const { rows } = await db.query<{ id: number; seq: number }>(
    `SELECT rendition_id AS id, min(seq) AS seq FROM log
      WHERE rendition_id = ANY ($1::bigint[]) AND seq > $2 AND seq <= $3 AND kind <> 'withdrawn' GROUP BY rendition_id`,
    [bigintColumn(renditionIds), from, to],
  );
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

/** The ids under which their producers stated these objects. */
export async function selectStatedIdsOf(
  db: Queryable,
  wholeIds: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; stix_id: string }>(
    "SELECT id, stix_id FROM rendition WHERE id = ANY ($1::bigint[])",
    [bigintColumn(wholeIds)],
  );
  return new Map(rows.map(({ id, stix_id }) => [id, stix_id]));
}

/** A version about which somebody was asked. */
export type Asked = { wholeId: number; shownId: string; version: string };

/** Versions of a producer about which approvals were asked for since a moment, in the order of their names. */
export async function selectAskedSince(
  db: Queryable,
  producer: number,
  since: Date,
  { after, limit }: { after: Pick<Asked, "shownId" | "version">; limit: number },
): Promise<Asked[]> {
  const { rows } = await db.query<Asked>(
    `SELECT DISTINCT p.stix_id AS "shownId", p.version, v.rendition_id AS "wholeId"
       FROM pending_release p JOIN object_version v USING (stix_id, producer, version)
      WHERE p.producer = $1 AND p.asked_at >= $2 AND (p.stix_id, p.version) > ($3, $4) AND v.withdrawn_at IS NULL
      ORDER BY 1, 2 LIMIT $5`,
    [producer, since, after.shownId, after.version, limit],
  );
  return rows;
}
