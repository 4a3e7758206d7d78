import { bigintColumn, type Queryable } from "@suar/runtime";
import type { Head } from "../read/entry.ts";

/** What a release left for the pen, as far as the pen looks into it. `commitments` are 32 bytes each. */
export type Envelope = { batch: number; kinds: string; commitments: Buffer; of_before: boolean };

/** `next_at`: when the next entry is logged, in microseconds since 1970. */
export type LockedHead = Head & { frontier: Buffer; next_at: number };

/**
 * Takes the pen: nobody else writes this log until the transaction ends. Time strictly increases: the next entry's is
 * the present or just after the last one, whichever is later.
 */
export async function lockHead(db: Queryable): Promise<LockedHead> {
  const { rows } = await db.query<LockedHead>(
    `SELECT epoch, seq, frontier, (extract(epoch FROM greatest(clock_timestamp(),
            logged_at + interval '1 microsecond')) * 1000000)::bigint AS next_at
       FROM log_head FOR UPDATE`,
  );
  const head = rows[0];
  if (head === undefined) throw new Error("the realm has no log");
  return head;
}

/** `isMore`: others wait behind these. */
export type Envelopes = { envelopes: Envelope[]; isMore: boolean };

/** Committed envelopes, oldest first, of so many entries in all at most; one at least, however many it holds. */
export async function selectEnvelopes(
  db: Queryable,
  most: { envelopes: number; entries: number },
): Promise<Envelopes> {
  const { rows } = await db.query<Envelope & { waiting: number }>(
    `WITH counted AS (
       SELECT batch, sum(cardinality(kinds)) OVER (ORDER BY batch) AS entries, row_number() OVER (ORDER BY batch) AS place,
              count(*) OVER () AS waiting
         FROM (SELECT batch, kinds FROM unsequenced ORDER BY batch LIMIT $1 + 1) u)
     SELECT batch, array_to_string(kinds, ' ') AS kinds, of_before, waiting,
            (SELECT string_agg(leaf, '' ORDER BY n) FROM unnest(leaves) WITH ORDINALITY AS l (leaf, n)) AS commitments
       FROM counted JOIN unsequenced USING (batch)
      WHERE place = 1 OR (place <= $1 AND entries <= $2) ORDER BY batch`,
    [most.envelopes, most.entries],
  );
  return { envelopes: rows, isMore: rows[0] !== undefined && rows[0].waiting > rows.length };
}

/**
 * What the pen worked out for the entries of envelopes, 32 bytes each, and the tree's frontier then. Where an envelope
 * begins among them, the first at 1.
 */
export type Stroke = {
  envelopes: readonly { batch: number; first: number }[];
  count: number;
  commitments: Buffer;
  leaves: Buffer;
  frontier: Buffer;
};

/**
 * Numbers the entries of envelopes, writes them into the log and moves the head; the envelopes are gone then.
 * `logged_at` goes up a microsecond an entry. Columns are unnested side by side, each entry with its number: what is joined
 * or sorted would be stored before it is read.
 */
export async function writeEntries(db: Queryable, head: LockedHead, stroke: Stroke): Promise<void> {
  const { rowCount } = await db.query(WRITE_ENTRIES, [
    head.seq,
    bigintColumn(stroke.envelopes.map(({ batch }) => batch)),
    bigintColumn(stroke.envelopes.map(({ first }) => first)),
    stroke.count,
    stroke.frontier,
    head.next_at,
    stroke.leaves,
    stroke.commitments,
  ]);
  if (rowCount !== 1) throw new Error("an envelope changed while the pen was held");
}

const WRITE_ENTRIES = `
  WITH taken AS (
         DELETE FROM unsequenced u USING (SELECT unnest($2::bigint[]) AS batch, unnest($3::bigint[]) AS first) b
          WHERE u.batch = b.batch RETURNING u.*, b.first),
       numbered AS (
         SELECT generate_series(first, first + cardinality(kinds) - 1) AS n, of_before, unnest(kinds) AS kind,
                unnest(renditions) AS rendition, unnest(audiences) AS audience, unnest(decisions) AS decision
           FROM taken),
       written AS (
         INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, commitment, leaf, decision_id)
         SELECT $1 + n, timestamptz 'epoch' + ($6 + n - 1)::double precision * interval '1 microsecond', kind,
                rendition, audience,
                CASE WHEN NOT of_before THEN substring($8::bytea FROM (n::int - 1) * 32 + 1 FOR 32) END,
                substring($7::bytea FROM (n::int - 1) * 32 + 1 FOR 32), decision
           FROM numbered RETURNING seq)
  UPDATE log_head SET seq = $1 + $4, frontier = $5,
         logged_at = timestamptz 'epoch' + ($6 + $4 - 1)::double precision * interval '1 microsecond'
   WHERE (SELECT count(*) FROM written) = $4`;
