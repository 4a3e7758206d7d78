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
