import type { DirectoryEntry, Queryable } from "@suar/runtime";
import type { Tlp } from "@suar/stix";
import type { Entry, Head } from "../read/entry.ts";

/** The log's head: epoch and last seq. */
export async function selectHead(db: Queryable): Promise<Head> {
  const { rows } = await db.query<Head>("SELECT epoch, seq FROM log_head");
  const head = rows[0];
  if (head === undefined) throw new Error("the realm has no log");
  return head;
}

/**
 * Those to whom a rendition was closed, and when it ends, as far as the reading role may see it. In the statement that reads
 * the body: what is taken back in between opens again to whom it was closed, and has no body left.
 */
export const closedOf = (rendition: string): string => `
  (SELECT json_agg(json_build_array(c.organisation_id,
          CASE WHEN c.organisation_id = 0 THEN (extract(epoch FROM c.since) * 1000)::double precision END))
     FROM closed c WHERE c.rendition_id = ${rendition})`;

type Row = {
  seq: number;
  at: string;
  kind: string;
  is_stub: boolean;
  rendition_id: number;
  audience_id: number;
  producer: number;
  tlp: Tlp;
  stix_id: string;
  body: string;
  closed: ClosedRows;
};

// A withdrawn rendition's older entries tell of the withdrawal too: its body is gone for every reader.
const SELECT_ENTRIES = `
  SELECT l.seq, to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
         CASE WHEN r.withdrawn THEN 'withdrawn' ELSE l.kind END AS kind,
         r.withdrawn AND l.kind <> 'withdrawn' AS is_stub,
         l.rendition_id, l.audience_id, r.producer, r.tlp, r.stix_id, r.body,
         ${closedOf("l.rendition_id")} AS closed
    FROM log l JOIN rendition r ON r.id = l.rendition_id
   WHERE l.seq > $1 AND l.seq <= $2
   ORDER BY l.seq`;

/** Turns producer ids into codes and audience ids into organisations. */
export type Names = {
  organisations(ids: readonly number[]): Promise<ReadonlyMap<number, DirectoryEntry>>;
  audiences(db: Queryable, ids: readonly number[]): Promise<ReadonlyMap<number, ReadonlySet<number>>>;
};

/** Entries with `after < seq <= upTo`, as far as the role of `db` may see them. */
export async function selectEntries(
  db: Queryable,
  names: Names,
  after: number,
  upTo: number,
): Promise<Entry[]> {
  const { rows } = await db.query<Row>(SELECT_ENTRIES, [after, upTo]);
  if (rows.length === 0) return [];
  const organisations = await names.organisations(rows.map((row) => row.producer));
  const audiences = await names.audiences(
    db,
    rows.map((row) => row.audience_id),
  );
  return rows.map((row) => ({
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    isStub: row.is_stub,
    renditionId: row.rendition_id,
    audience: audiences.get(row.audience_id) ?? NOBODY,
    ...readClosed(row.closed),
    producerId: row.producer,
    producer: organisations.get(row.producer)?.code ?? "?",
    tlp: row.tlp,
    stixId: row.stix_id,
    body: row.body,
  }));
}

const NOBODY: ReadonlySet<number> = new Set();

/** By organisation, null where it is closed already; 0 stands for all to whom it ends. */
export type ClosedRows = readonly (readonly [organisation: number, endsAt: number | null])[] | null;

export type Closed = { closedTo?: ReadonlySet<number>; endsAt?: number };

export function readClosed(rows: ClosedRows): Closed {
  if (rows === null) return {};
  const closedTo = new Set(rows.flatMap(([organisation, endsAt]) => (endsAt === null ? [organisation] : [])));
  const endsAt = rows.find(([, end]) => end !== null)?.[1] ?? undefined;
  return { closedTo, ...(endsAt !== undefined && { endsAt }) };
}

/** The organisations of audiences, as far as the role of `db` may see them. */
export async function selectAudiences(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, Set<number>>> {
  const { rows } = await db.query<{ audience_id: number; organisation_id: number }>(
    "SELECT audience_id, organisation_id FROM audience_organisation WHERE audience_id = ANY($1)",
    [ids],
  );
  const audiences = new Map<number, Set<number>>();
  for (const row of rows) {
    const set = audiences.get(row.audience_id) ?? new Set();
    audiences.set(row.audience_id, set.add(row.organisation_id));
  }
  return audiences;
}

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

/** Committed envelopes, oldest first. */
export async function selectEnvelopes(db: Queryable, most: number): Promise<Envelope[]> {
  const { rows } = await db.query<Envelope>(
    `SELECT batch, array_to_string(kinds, ' ') AS kinds, of_before,
            (SELECT string_agg(leaf, '' ORDER BY n) FROM unnest(leaves) WITH ORDINALITY AS l (leaf, n)) AS commitments
       FROM unsequenced ORDER BY batch LIMIT $1`,
    [most],
  );
  return rows;
}

/** What the pen worked out for the entries of envelopes: their leaves, 32 bytes each, and the tree's frontier then. */
export type Stroke = { batches: readonly number[]; count: number; leaves: Buffer; frontier: Buffer };

/**
 * Numbers the entries of envelopes, writes them into the log and moves the head; the envelopes are gone then.
 * `logged_at` goes up a microsecond an entry.
 */
export async function writeEntries(db: Queryable, head: LockedHead, stroke: Stroke): Promise<void> {
  const { rowCount } = await db.query(
    `WITH taken AS (DELETE FROM unsequenced WHERE batch = ANY($2) RETURNING *),
          numbered AS (
            SELECT row_number() OVER (ORDER BY batch, place) AS n, of_before, e.*
              FROM taken, unnest(kinds, renditions, audiences, leaves, decisions) WITH ORDINALITY
                   AS e (kind, rendition, audience, commitment, decision, place)),
          written AS (
            INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, commitment, leaf, decision_id)
            SELECT $1 + n, timestamptz 'epoch' + ($5 + n - 1)::double precision * interval '1 microsecond', kind,
                   rendition, audience, CASE WHEN of_before THEN NULL ELSE commitment END,
                   substring($6::bytea FROM (n::int - 1) * 32 + 1 FOR 32), decision
              FROM numbered ORDER BY n RETURNING seq)
     UPDATE log_head SET seq = $1 + $3, frontier = $4,
            logged_at = timestamptz 'epoch' + ($5 + $3 - 1)::double precision * interval '1 microsecond'
      WHERE (SELECT count(*) FROM written) = $3`,
    [head.seq, stroke.batches, stroke.count, stroke.frontier, head.next_at, stroke.leaves],
  );
  if (rowCount !== 1) throw new Error("an envelope changed while the pen was held");
}
