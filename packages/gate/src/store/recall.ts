import { type Queryable, textColumn } from "@suar/runtime";

export type NewRecall = {
  id: string;
  producer: number;
  stixId: string;
  at: Date;
  dueAt: Date;
  /** What its entries in the log are of. */
  renditions: readonly number[];
};

export async function insertRecall(db: Queryable, row: NewRecall): Promise<void> {
  await db.query(
    `INSERT INTO recall (id, producer, stix_id, withdrawn_at, due_at, renditions)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [row.id, row.producer, row.stixId, row.at, row.dueAt, row.renditions],
  );
}

export type NewRecallReceiver = { organisationId: number; knownAs: readonly string[] };

export async function insertRecallReceivers(
  db: Queryable,
  recallId: string,
  receivers: readonly NewRecallReceiver[],
): Promise<void> {
  if (receivers.length === 0) return;
  await db.query(
    `INSERT INTO recall_receiver (recall_id, organisation_id, known_as)
     SELECT $1, (r ->> 'organisationId')::integer, ARRAY(SELECT jsonb_array_elements_text(r -> 'knownAs'))
       FROM jsonb_array_elements($2::jsonb) AS r`,
    [recallId, JSON.stringify(receivers)],
  );
}

/**
 * Of each copy of what a producer stated about ids, all to whom an entry of it was ever addressed; what the pen has not
 * numbered yet is sent, too. A withdrawal is no sending.
 */
export async function selectEverSent(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<Map<number, number[]>> {
  const { rows } = await db.query<{ rendition_id: number; readers: number[] }>(
    `WITH copies AS MATERIALIZED (
            SELECT rendition_id FROM object_version WHERE stix_id = ANY($2) AND producer = $1
             UNION ALL SELECT rendition_id FROM redaction WHERE stix_id = ANY($2) AND producer = $1),
          sent AS (
            SELECT l.rendition_id, l.audience_id FROM copies JOIN log l USING (rendition_id) WHERE l.kind <> 'withdrawn'
             UNION
            SELECT e.rendition, e.audience
              FROM unsequenced, unnest(kinds, renditions, audiences) AS e (kind, rendition, audience)
             WHERE e.kind <> 'withdrawn' AND e.rendition IN (SELECT rendition_id FROM copies))
     SELECT rendition_id, array_agg(DISTINCT organisation_id) AS readers
       FROM sent JOIN audience_organisation USING (audience_id) GROUP BY 1`,
    [producer, textColumn(stixIds)],
  );
  return new Map(rows.map(({ rendition_id: id, readers }) => [id, readers]));
}

/** Of ids, who was asked to acknowledge that a producer took back what it stated about them, and when last. */
export async function selectLastAsked(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<Map<string, Map<number, Date>>> {
  const { rows } = await db.query<{ stix_id: string; organisation_id: number; at: Date }>(
    `SELECT r.stix_id, organisation_id, max(withdrawn_at) AS at
       FROM recall r JOIN recall_receiver v ON v.recall_id = r.id
      WHERE r.stix_id = ANY($2) AND r.producer = $1 GROUP BY 1, 2`,
    [producer, textColumn(stixIds)],
  );
  const byId = Map.groupBy(rows, ({ stix_id: id }) => id);
  const asked = [...byId].map(([id, some]) => [id, lastOf(some)] as const);
  return new Map(asked);
}

function lastOf(rows: readonly { organisation_id: number; at: Date }[]): Map<number, Date> {
  return new Map(rows.map(({ organisation_id: id, at }) => [id, at]));
}
