import type { Queryable } from "@suar/runtime";

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
