import type { Queryable } from "@suar/runtime";

/** One at a time says what a realm's releases are to be decided anew under. */
export async function lockNoticing(db: Queryable, realm: string): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('reevaluation:' || $1))", [realm]);
}

/** All who state anything. */
export async function selectProducers(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ producer: number }>("SELECT DISTINCT producer FROM object_version");
  return rows.map(({ producer }) => producer);
}

/** What each producer's releases were last decided anew under, or are being. */
export async function selectStandings(db: Queryable): Promise<Map<number, string>> {
  const { rows } = await db.query<{ producer: number; standing: string }>(
    "SELECT producer, standing FROM reevaluation",
  );
  return new Map(rows.map(({ producer, standing }) => [producer, standing]));
}

export type Change = { producer: number; standing: string; causes: readonly string[] };

/** From the first object on, whatever was under way. */
export async function beginPasses(db: Queryable, changes: readonly Change[]): Promise<void> {
  await db.query(
    `INSERT INTO reevaluation (producer, standing, causes, after)
     SELECT producer, standing, string_to_array(causes, ','), ''
       FROM unnest($1::int[], $2::text[], $3::text[]) AS c (producer, standing, causes)
     ON CONFLICT (producer) DO UPDATE
        SET standing = excluded.standing, causes = excluded.causes, after = '', noticed_at = clock_timestamp(),
            finished_at = NULL, decided = 0, narrowed = 0, widened = 0`,
    [
      changes.map(({ producer }) => producer),
      changes.map(({ standing }) => standing),
      changes.map(({ causes }) => causes.join()),
    ],
  );
}

/** Those whose pass is not at its end; who waited longest comes first. */
export async function selectWaiting(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ producer: number }>(
    "SELECT producer FROM reevaluation WHERE after IS NOT NULL ORDER BY paged_at",
  );
  return rows.map(({ producer }) => producer);
}

export type Claimed = { after: string; causes: string[] };

/** Nobody else goes on with it until the transaction ends, however it ends. Undefined where somebody does just now. */
export async function claimPass(db: Queryable, producer: number): Promise<Claimed | undefined> {
  const { rows } = await db.query<Claimed>(
    "SELECT after, causes FROM reevaluation WHERE producer = $1 AND after IS NOT NULL FOR UPDATE SKIP LOCKED",
    [producer],
  );
  return rows[0];
}

export type Paged = { after: string | undefined; decided: number; narrowed: number; widened: number };

/** How far it is; without `after` at its end. */
export async function notePage(
  db: Queryable,
  producer: number,
  { after, decided, narrowed, widened }: Paged,
): Promise<void> {
  await db.query(
    `UPDATE reevaluation SET after = $2, paged_at = clock_timestamp(), decided = decided + $3,
            narrowed = narrowed + $4, widened = widened + $5,
            finished_at = CASE WHEN $2::text IS NULL THEN clock_timestamp() END
      WHERE producer = $1`,
    [producer, after ?? null, decided, narrowed, widened],
  );
}
