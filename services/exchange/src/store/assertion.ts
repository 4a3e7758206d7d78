import { bigintColumn, type Queryable } from "@suar/runtime";
import { heldBy, MOST_COPIES_BESIDE, selectHolding } from "./holding.ts";

/** A rendition as its reader may see it: read under row-level security only. */
export type AssertionRow = {
  rendition_id: number;
  producer: number;
  tlp: string;
  seq: number;
  at: string;
  withdrawn: boolean;
  /** The entry was a release: it tells of the withdrawal by now. */
  is_stub: boolean;
  body: string;
};

const ROW = `r.id AS rendition_id, r.producer, r.tlp, l.seq,
  to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, r.withdrawn,
  r.withdrawn AND l.kind <> 'withdrawn' AS is_stub, r.body`;

// The reader's last entry of a rendition: when it was told last.
const LAST_ENTRY = `JOIN LATERAL (SELECT seq, logged_at, kind FROM log WHERE log.rendition_id = r.id ORDER BY seq DESC LIMIT 1) l ON true`;

// The same producer stated something newer about the same id, and this reader may see it. What tells of a loss tells of one
// version: an older one may be the reader's yet, and stands then.
export const NOT_SUPERSEDED = `NOT EXISTS (SELECT FROM rendition n
  WHERE n.stix_id = r.stix_id AND n.producer = r.producer
    AND CASE WHEN r.closes THEN NOT n.withdrawn OR n.rank > r.rank ELSE n.rank > r.rank AND NOT n.closes END)`;

/** What each producer states now about an id. */
export async function selectAssertions(db: Queryable, stixId: string): Promise<AssertionRow[]> {
  const { rows } = await db.query<AssertionRow>(
    `SELECT ${ROW} FROM rendition r ${LAST_ENTRY} WHERE r.stix_id = $1 AND ${NOT_SUPERSEDED} ORDER BY l.seq`,
    [stixId],
  );
  return rows;
}

export type ListRequest = {
  type: string | undefined;
  producer: number | undefined;
  before: number;
  limit: number;
};

/** Log entries that one look goes through, newest first, however few of them match. */
const WINDOW = 2_000;

/** The newest assertions among the entries before a seq, and the seq down to which was looked. */
export async function selectNewest(
  db: Queryable,
  request: ListRequest,
): Promise<{ rows: AssertionRow[]; downTo: number }> {
  const downTo = Math.max(0, request.before - WINDOW - 1);
  const { rows } = await db.query<AssertionRow>(
    `SELECT ${ROW} FROM log l JOIN rendition r ON r.id = l.rendition_id
      WHERE l.seq < $1 AND l.seq > $2 AND l.kind <> 'withdrawn' AND NOT r.withdrawn
        AND ($3::text IS NULL OR r.type = $3) AND ($4::int IS NULL OR r.producer = $4)
        AND ${NOT_SUPERSEDED}
        AND NOT EXISTS (SELECT FROM log later WHERE later.rendition_id = l.rendition_id AND later.seq > l.seq)
      ORDER BY l.seq DESC LIMIT $5`,
    [request.before, downTo, request.type ?? null, request.producer ?? null, request.limit],
  );
  return { rows, downTo };
}

/** Rows of a look-up, newest first; `downTo` where it stopped before the end. */
export type Found = { rows: AssertionRow[]; downTo?: number | undefined };
export type LookUp = { type: string | undefined; before: number; limit: number };

/**
 * Assertions that hold an observable value: looked up, never stored as pairs (DESIGN 1, decision 4), and among what the
 * reader was sent alone.
 */
export async function selectByKey(
  db: Queryable,
  key: string,
  { type, before, limit }: LookUp,
): Promise<Found> {
  const { ids, bottom } = await selectHolding(db, key, { before, most: 2 * limit + MOST_COPIES_BESIDE });
  const { rows } = await db.query<AssertionRow>(
    `SELECT ${ROW} FROM rendition r ${LAST_ENTRY}
      WHERE r.id = ANY ($1::bigint[]) AND ($2::text IS NULL OR r.type = $2) AND ${NOT_SUPERSEDED}
      ORDER BY r.id DESC LIMIT $3`,
    [bigintColumn(ids), type ?? null, limit],
  );
  if (rows.length === limit) return { rows, downTo: rows.at(-1)?.rendition_id };
  return { rows, downTo: bottom };
}

/** Entries of the log that a search by words goes through at once, newest first, however few hold them. */
const WORDS_WINDOW = 50_000;
const MOST_WITH_WORDS = 400;

/** Assertions whose text holds all the words, among the entries before a seq. */
export async function selectByWords(
  db: Queryable,
  words: string,
  { type, before, limit }: LookUp,
): Promise<Found> {
  const bottom = await selectBottom(db, before);
  const { rows: found } = await db.query<{ seq: number }>(
    "SELECT entries_with_words($1, $2, $3, $4, $5) AS seq",
    [words, type ?? null, before, bottom, MOST_WITH_WORDS],
  );
  const seqs = found.map(({ seq }) => seq);
  const { rows } = await db.query<AssertionRow>(
    `SELECT ${ROW} FROM log e JOIN rendition r ON r.id = e.rendition_id ${LAST_ENTRY}
      WHERE e.seq = ANY ($1) AND l.seq = e.seq AND NOT r.withdrawn AND ${NOT_SUPERSEDED} ORDER BY e.seq DESC LIMIT $2`,
    [seqs, limit],
  );
  if (rows.length === limit) return { rows, downTo: rows.at(-1)?.seq };
  if (seqs.length === MOST_WITH_WORDS) return { rows, downTo: seqs.at(-1) };
  return bottom > 0 ? { rows, downTo: bottom + 1 } : { rows };
}

/** Below the last entry that is looked at; how long the log is, everybody knows. */
async function selectBottom(db: Queryable, before: number): Promise<number> {
  const { rows } = await db.query<{ bottom: number }>(
    "SELECT greatest(0, least($1, seq + 1) - 1 - $2::bigint)::bigint AS bottom FROM log_head",
    [before, WORDS_WINDOW],
  );
  return rows[0]?.bottom ?? 0;
}

/** Rows of a value that are looked at for who reported it, too: so many of one audience, and in all. */
const MOST_BESIDE = { ofAudience: 250, inAll: 1_000 };

/** For each rendition: the producers of visible renditions that share an observable value with it. */
export async function selectCorrelated(
  db: Queryable,
  renditionIds: readonly number[],
): Promise<{ rendition_id: number; producer: number }[]> {
  const { rows } = await db.query<{ rendition_id: number; producer: number }>(
    `WITH mine AS MATERIALIZED (
            SELECT DISTINCT asked.id, held.key FROM unnest($2::bigint[], $3::bigint[]) AS asked (id, lowest)
             CROSS JOIN LATERAL (SELECT key, rendition_id + also AS last FROM observable
                                  WHERE rendition_id BETWEEN asked.lowest AND asked.id
                                    AND (rendition_id = asked.id OR also > 0) OFFSET 0) held
             WHERE held.last >= asked.id),
          theirs AS MATERIALIZED (
            SELECT DISTINCT wanted.key, r.producer FROM (SELECT DISTINCT key FROM mine) wanted
             CROSS JOIN LATERAL (SELECT held.* FROM audience_organisation own CROSS JOIN LATERAL
                                        (${heldBy("wanted.key", "own.audience_id", `${MOST_BESIDE.ofAudience}`)}) held
                                  LIMIT ${MOST_BESIDE.inAll}) held
             CROSS JOIN generate_series(held.rendition_id, held.rendition_id + held.also) AS copy (id)
             CROSS JOIN LATERAL (SELECT producer FROM rendition WHERE id = copy.id LIMIT 1) r)
     SELECT DISTINCT mine.id AS rendition_id, theirs.producer FROM mine JOIN theirs USING (key)`,
    // Worked out here, and copies one by one: a bound that the statement works out is looked at behind the policy only.
    [
      Number.MAX_SAFE_INTEGER,
      bigintColumn(renditionIds),
      bigintColumn(renditionIds.map((id) => id - MOST_COPIES_BESIDE)),
    ],
  );
  return rows;
}
