import type { ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

export type RecallRow = {
  id: string;
  producer: number;
  /** Ids of what was taken back, as the caller knows it. */
  objects: string[];
  withdrawn_at: Date;
  due_at: Date;
  /** The caller's own word. */
  acknowledged_at: Date | null;
  created_us: number;
};

/** As one organisation may see them: what it took back, and what it was told to give up. */
const ROW = `r.id, r.producer, CASE WHEN r.producer = $1 THEN ARRAY[r.stix_id] ELSE v.known_as END AS objects,
  r.withdrawn_at, r.due_at, a.at AS acknowledged_at,
  (extract(epoch FROM r.withdrawn_at) * 1000000)::bigint AS created_us
  FROM recall r
  LEFT JOIN recall_receiver v ON v.recall_id = r.id AND v.organisation_id = $1
  LEFT JOIN recall_acknowledgement a ON a.recall_id = r.id AND a.organisation_id = $1`;

export type RecallList = { state: "open" | "acknowledged" | undefined; after: ListPlace; limit: number };

/** Newest first, after the given place. */
export async function selectRecalls(
  db: Queryable,
  organisationId: number,
  { state, after, limit }: RecallList,
): Promise<RecallRow[]> {
  const { rows } = await db.query<RecallRow>(
    `SELECT ${ROW}
      WHERE r.id IN (SELECT recall_id FROM recall_receiver WHERE organisation_id = $1
                     UNION ALL SELECT id FROM recall WHERE producer = $1 AND $2::text IS NULL)
        AND ($2::text IS NULL OR (a.at IS NULL) = ($2 = 'open'))
        AND (r.withdrawn_at, r.id) < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4)
      ORDER BY r.withdrawn_at DESC, r.id DESC LIMIT $5`,
    [organisationId, state ?? null, after.key, after.id, limit],
  );
  return rows;
}

/** Undefined for whom it neither comes from nor goes to. */
export async function selectRecall(
  db: Queryable,
  organisationId: number,
  id: string,
): Promise<RecallRow | undefined> {
  const { rows } = await db.query<RecallRow>(
    `SELECT ${ROW} WHERE r.id = $2 AND (r.producer = $1 OR v.recall_id IS NOT NULL)`,
    [organisationId, id],
  );
  return rows[0];
}

export type ReceiverRow = {
  recall_id: string;
  organisation_id: number;
  acknowledged_at: Date | null;
  reminders: Date[];
};

export async function selectReceivers(db: Queryable, recallIds: readonly string[]): Promise<ReceiverRow[]> {
  if (recallIds.length === 0) return [];
  const { rows } = await db.query<ReceiverRow>(
    `SELECT v.recall_id, v.organisation_id, a.at AS acknowledged_at,
            ARRAY(SELECT m.at FROM recall_reminder m
                   WHERE m.recall_id = v.recall_id AND m.organisation_id = v.organisation_id ORDER BY m.stage) AS reminders
       FROM recall_receiver v LEFT JOIN recall_acknowledgement a USING (recall_id, organisation_id)
      WHERE v.recall_id = ANY($1) ORDER BY v.recall_id, v.organisation_id`,
    [recallIds],
  );
  return rows;
}

/** False when it was acknowledged before: the first word stands. */
export async function insertAcknowledgement(
  db: Queryable,
  recallId: string,
  organisationId: number,
  by: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO recall_acknowledgement (recall_id, organisation_id, by) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`,
    [recallId, organisationId, by],
  );
  return rowCount === 1;
}
