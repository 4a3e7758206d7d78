import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { PendingRow } from "./pending.ts";

/** An entry of the log about one version: which copy, to whom, and what was decided then. */
export type EntryRow = {
  seq: number;
  at: string;
  kind: string;
  shown_id: string;
  audience_id: number;
  /** Canonical JSON; null for withdrawals, which have a reason instead, and for what was decided before it was kept. */
  decision: string | null;
};

/** So many of the newest; what nobody reads to its end is not read. */
const MOST_ENTRIES = 2_000;

/**
 * The newest entries of a version's renditions, and of what told readers that one of them is theirs no more; the oldest
 * of them first.
 */
export async function selectEntriesOf(
  db: Queryable,
  producer: number,
  { renditions, shownIds }: { renditions: readonly number[]; shownIds: readonly string[] },
): Promise<EntryRow[]> {
  const { rows } = await db.query<EntryRow>(
    `SELECT * FROM (
       SELECT l.seq, to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, l.kind,
              r.stix_id AS shown_id, l.audience_id, d.body AS decision
         FROM rendition r JOIN log l ON l.rendition_id = r.id
         LEFT JOIN decision d ON d.id = l.decision_id AND l.kind <> 'withdrawn'
        WHERE r.producer = $1 AND r.stix_id = ANY($2)
          AND (r.id = ANY($3) OR (r.closes AND r.copy_of = ANY($3)))
        ORDER BY l.seq DESC LIMIT ${MOST_ENTRIES}) newest
      ORDER BY seq`,
    [producer, textColumn([...new Set(shownIds)]), bigintColumn(renditions)],
  );
  return rows;
}

/** Of these renditions, to which of these organisations they are closed at this moment, told of it or not. */
export async function selectClosedTo(
  db: Queryable,
  renditions: readonly number[],
  organisations: readonly number[],
): Promise<Map<number, ReadonlySet<number>>> {
  const { rows } = await db.query<{ rendition: number; closed: number[] }>(
    `SELECT c.rendition_id AS rendition, array_agg(o.id) AS closed
       FROM closed c JOIN unnest($2::int[]) AS o (id)
         ON o.id = c.organisation_id OR (c.organisation_id = 0 AND o.id <> c.but_for)
      WHERE c.rendition_id = ANY($1) AND c.since <= now() GROUP BY 1`,
    [bigintColumn(renditions), organisations],
  );
  return new Map(rows.map(({ rendition, closed }) => [rendition, new Set(closed)]));
}

/** Of what is asked for a version, what concerns whom, how it stands, and what it waits for. */
export type AskedRow = Pick<
  PendingRow,
  | "id"
  | "organisations"
  | "approvers"
  | "four_eyes"
  | "deadline"
  | "state"
  | "approvals"
  | "settled_at"
  | "reason"
> & { asked_at: Date; is_over: boolean };

/** What was asked for a version, in the order in which it was. */
export async function selectAskedFor(
  db: Queryable,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
): Promise<AskedRow[]> {
  const { rows } = await db.query<AskedRow>(
    `SELECT id, organisations, approvers, four_eyes, deadline, state, approvals, settled_at, reason, asked_at,
            deadline <= clock_timestamp() AS is_over
       FROM pending_release WHERE stix_id = $1 AND producer = $2 AND version = $3 ORDER BY asked_at, id`,
    [stixId, producer, version],
  );
  return rows;
}
