import { byteaColumn, type Queryable, textColumn } from "@suar/runtime";

export type KnownDecision = { id: number; hash: Buffer; uncommitted: boolean };

/** Which of these decisions are kept already. */
export async function selectDecisions(db: Queryable, hashes: readonly Buffer[]): Promise<KnownDecision[]> {
  const { rows } = await db.query<KnownDecision>(
    "SELECT id, hash, age(xmin) <= 0 AS uncommitted FROM decision WHERE hash = ANY($1)",
    [byteaColumn(hashes)],
  );
  return rows;
}

/** Keeps decisions; those that somebody else keeps meanwhile are passed over. In the order of their hashes: no deadlocks. */
export async function insertDecisions(
  db: Queryable,
  decisions: readonly { hash: Buffer; body: string }[],
): Promise<void> {
  await db.query(
    `INSERT INTO decision (hash, body) SELECT * FROM unnest($1::bytea[], $2::text[]) AS d (hash, body) ORDER BY hash
     ON CONFLICT (hash) DO NOTHING`,
    [byteaColumn(decisions.map(({ hash }) => hash)), textColumn(decisions.map(({ body }) => body))],
  );
}

/** What was decided, by ids. */
export async function selectDecisionBodies(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; body: string }>(
    "SELECT id, body FROM decision WHERE id = ANY($1)",
    [ids],
  );
  return new Map(rows.map(({ id, body }) => [id, body]));
}
