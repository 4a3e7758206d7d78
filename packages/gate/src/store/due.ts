import { type Queryable, textColumn } from "@suar/runtime";

/** Of whom something is due by now. */
export async function selectDueProducers(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ producer: number }>(
    "SELECT DISTINCT producer FROM reevaluation_due WHERE at <= clock_timestamp()",
  );
  return rows.map(({ producer }) => producer);
}

/** To be decided anew at once. */
export async function insertDue(db: Queryable, producer: number, stixIds: readonly string[]): Promise<void> {
  await db.query(
    `INSERT INTO reevaluation_due (at, producer, stix_id)
     SELECT statement_timestamp(), $1, stix_id FROM unnest($2::text[]) AS d (stix_id) ON CONFLICT DO NOTHING`,
    [producer, textColumn(stixIds)],
  );
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
