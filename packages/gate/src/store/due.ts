import type { Queryable } from "@suar/runtime";

/** Of whom something is due by now. */
export async function selectDueProducers(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ producer: number }>(
    "SELECT DISTINCT producer FROM reevaluation_due WHERE at <= clock_timestamp()",
  );
  return rows.map(({ producer }) => producer);
}

/** Takes what is due, but for what another takes just now; it is decided anew in the same transaction. */
export async function takeDue(db: Queryable, producer: number, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    `DELETE FROM reevaluation_due WHERE (at, producer, stix_id) IN (
       SELECT at, producer, stix_id FROM reevaluation_due WHERE at <= clock_timestamp() AND producer = $1
        ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING stix_id`,
    [producer, limit],
  );
  return [...new Set(rows.map(({ stix_id }) => stix_id))];
}
