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

/** Objects to decide anew, and how often in a row those of them could not be decided that could not. */
export type Due = { stixIds: readonly string[]; failures: ReadonlyMap<string, number> };

/** Takes what is due, but for what another takes just now; it is decided anew in the same transaction. */
export async function takeDue(db: Queryable, producer: number, limit: number): Promise<Due> {
  const { rows } = await db.query<{ stix_id: string; failures: number }>(
    `DELETE FROM reevaluation_due WHERE (at, producer, stix_id) IN (
       SELECT at, producer, stix_id FROM reevaluation_due WHERE at <= clock_timestamp() AND producer = $1
        ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING stix_id, failures`,
    [producer, limit],
  );
  const failed = rows.filter(({ failures }) => failures > 0);
  return {
    stixIds: [...new Set(rows.map(({ stix_id }) => stix_id))],
    failures: new Map(failed.map(({ stix_id, failures }) => [stix_id, failures])),
  };
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;
const MOST_DOUBLINGS = 10;

/** What could not be decided is tried again later, each time after a longer pause; it holds up nothing else meanwhile. */
export async function postponeDue(
  db: Queryable,
  producer: number,
  stixId: string,
  failures: number,
): Promise<void> {
  await db.query(
    `WITH before AS (DELETE FROM reevaluation_due WHERE producer = $1 AND stix_id = $2 AND failures > 0 RETURNING failures),
          tried AS (SELECT greatest($3::integer, max(failures)) AS times FROM before)
     INSERT INTO reevaluation_due (at, producer, stix_id, failures)
     SELECT statement_timestamp() + least(${FIRST_PAUSE_MS} * 2 ^ least(times, ${MOST_DOUBLINGS}), ${LONGEST_PAUSE_MS}) * interval '1 ms',
            $1, $2, times + 1
       FROM tried ON CONFLICT (at, producer, stix_id) DO UPDATE SET failures = excluded.failures`,
    [producer, stixId, failures],
  );
}

/** Who has objects that could not be decided, and that were not since. */
export async function selectUndecided(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ producer: number }>(
    "SELECT DISTINCT producer FROM reevaluation_due WHERE failures > 0",
  );
  return rows.map(({ producer }) => producer);
}
