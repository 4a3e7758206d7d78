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
    `INSERT INTO reevaluation (producer, standing, causes, closing_after, after)
     SELECT producer, standing, string_to_array(causes, ','), '', ''
       FROM unnest($1::int[], $2::text[], $3::text[]) AS c (producer, standing, causes)
     ON CONFLICT (producer) DO UPDATE
        SET standing = excluded.standing, causes = excluded.causes, after = '', noticed_at = clock_timestamp(),
            closing_after = '', closed_at = NULL, closed = 0, finished_at = NULL, decided = 0, narrowed = 0, widened = 0`,
    [
      changes.map(({ producer }) => producer),
      changes.map(({ standing }) => standing),
      changes.map(({ causes }) => causes.join()),
    ],
  );
}

/** A pass goes over everything twice: it closes what narrows, then it decides anew and tells. */
export type Go = "closing" | "telling";

/** Those whose pass is not at its end, and which go it is at; who waited longest comes first. */
export async function selectWaiting(db: Queryable): Promise<{ producer: number; go: Go }[]> {
  const { rows } = await db.query<{ producer: number; go: Go }>(
    `SELECT producer, CASE WHEN closing_after IS NULL THEN 'telling' ELSE 'closing' END AS go
       FROM reevaluation WHERE after IS NOT NULL ORDER BY paged_at`,
  );
  return rows;
}

export type Claimed = { after: string; causes: string[]; standing: string };

/** Nobody else goes on with it until the transaction ends, however it ends. Undefined where somebody does just now. */
export async function claimPass(db: Queryable, producer: number, go: Go): Promise<Claimed | undefined> {
  const { rows } = await db.query<Claimed>(
    `SELECT CASE $2 WHEN 'closing' THEN closing_after ELSE after END AS after, causes, standing FROM reevaluation
      WHERE producer = $1 AND after IS NOT NULL AND ($2 = 'closing') = (closing_after IS NOT NULL)
        FOR UPDATE SKIP LOCKED`,
    [producer, go],
  );
  return rows[0];
}

/** Whatever it waits for from now on in this transaction, it waits so long at most. On which connection that is. */
export async function limitWaiting(db: Queryable, ms: number): Promise<number> {
  const { rows } = await db.query<{ pid: number }>(
    "SELECT pg_backend_pid() AS pid, set_config('lock_timeout', $1, true)",
    [`${ms}ms`],
  );
  const [limited] = rows;
  if (limited === undefined) throw new Error("the database does not say who it is");
  return limited.pid;
}

/** What a connection of the same role does just now ends as if it had taken too long. */
export async function cancelWaiting(db: Queryable, pid: number): Promise<void> {
  await db.query("SELECT pg_cancel_backend($1)", [pid]);
}

/** How far the first go is; without `after` at its end. */
export async function noteClosing(
  db: Queryable,
  producer: number,
  { after, closed }: { after: string | undefined; closed: number },
): Promise<void> {
  await db.query(
    `UPDATE reevaluation SET closing_after = $2, paged_at = clock_timestamp(), closed = closed + $3,
            closed_at = CASE WHEN $2::text IS NULL THEN clock_timestamp() END
      WHERE producer = $1`,
    [producer, after ?? null, closed],
  );
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
