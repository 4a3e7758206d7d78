import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";

/** Of whom something is due by now, first of whom it is due longest: found by as many steps as producers have anything. */
export async function selectDueProducers(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ producer: number }>(
    `WITH RECURSIVE first AS (
       (SELECT producer, at FROM reevaluation_due ORDER BY producer, at LIMIT 1)
       UNION ALL
       SELECT next.* FROM first, LATERAL (
         SELECT producer, at FROM reevaluation_due WHERE producer > first.producer ORDER BY producer, at LIMIT 1) next)
     SELECT producer FROM first WHERE at <= clock_timestamp() ORDER BY at`,
  );
  return rows.map(({ producer }) => producer);
}

/** An object, and how often in a row it was decided anew since others were. */
export type Counted = { id: string; times: number };

/** To be decided anew at once. */
export async function insertDue(db: Queryable, producer: number, all: readonly Counted[]): Promise<void> {
  await db.query(
    `INSERT INTO reevaluation_due (at, producer, stix_id, times)
     SELECT statement_timestamp(), $1, stix_id, max(times) FROM unnest($2::text[], $3::bigint[]) AS d (stix_id, times)
      GROUP BY stix_id
     ON CONFLICT (at, producer, stix_id) DO UPDATE SET times = greatest(reevaluation_due.times, excluded.times)`,
    [producer, textColumn(all.map(({ id }) => id)), bigintColumn(all.map(({ times }) => times))],
  );
}

/** Objects to decide anew, and how often in a row those of them could not be decided, or were, that were not the first time. */
export type Due = {
  stixIds: readonly string[];
  failures: ReadonlyMap<string, number>;
  times: ReadonlyMap<string, number>;
};

/** Takes what is due, but for what another takes just now; it is decided anew in the same transaction. */
export async function takeDue(db: Queryable, producer: number, limit: number): Promise<Due> {
  const { rows } = await db.query<DueRow>(
    `DELETE FROM reevaluation_due WHERE (at, producer, stix_id) IN (
       SELECT at, producer, stix_id FROM reevaluation_due
        WHERE producer = $1 AND at <= clock_timestamp() AND stix_id IN (
          SELECT stix_id FROM reevaluation_due WHERE producer = $1 AND at <= clock_timestamp() ORDER BY at LIMIT $2)
          FOR UPDATE SKIP LOCKED)
     RETURNING stix_id, failures, times`,
    [producer, limit],
  );
  return {
    stixIds: [...new Set(rows.map(({ stix_id }) => stix_id))],
    failures: highest(rows, ({ failures }) => failures),
    times: highest(rows, ({ times }) => times),
  };
}

/** Takes what of these is due, and did not fail before: it is decided now, whatever for. How often in a row it was. */
export async function takeDueOf(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<DueRow>(
    `DELETE FROM reevaluation_due WHERE (at, producer, stix_id) IN (
       SELECT at, producer, stix_id FROM reevaluation_due
        WHERE producer = $1 AND stix_id = ANY($2) AND at <= clock_timestamp() AND failures = 0
          FOR UPDATE SKIP LOCKED)
     RETURNING stix_id, failures, times`,
    [producer, textColumn(stixIds)],
  );
  return highest(rows, ({ times }) => times);
}

type DueRow = { stix_id: string; failures: number; times: number };

/** Of each object of which any is above nothing. */
function highest(rows: readonly DueRow[], of: (row: DueRow) => number): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows)
    if (of(row) > 0) found.set(row.stix_id, Math.max(of(row), found.get(row.stix_id) ?? 0));
  return found;
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
