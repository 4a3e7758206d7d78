import type { Queryable } from "@suar/runtime";
import { type Held, SOURCE_COLUMNS, type SourceRow } from "./source.ts";

/* Whose turn it is, and who has it. */

/** An organisation's sources that are pulled at a time: its slow servers are to hold up nobody else's. */
const MOST_OF_ONE = 2;
const HAS_ROOM = `(SELECT count(*) FROM source held
        WHERE held.organisation_id = source.organisation_id AND held.leased_until > now()) < ${MOST_OF_ONE}`;

/** Those whose turn it is and that nobody pulls, the longest waiting first. */
export async function selectDueSources(db: Queryable, most: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM source
      WHERE state = 'active' AND due_at <= now() AND leased_until <= now() AND ${HAS_ROOM}
      ORDER BY due_at LIMIT $1`,
    [most],
  );
  return rows.map(({ id }) => id);
}

/** Of an organisation's sources one is taken after the other, so that they are counted; within a transaction. */
export async function lockOrganisation(db: Queryable, sourceId: string): Promise<void> {
  await db.query(
    "SELECT pg_advisory_xact_lock(hashtext('suar-sources'), organisation_id) FROM source WHERE id = $1",
    [sourceId],
  );
}

/** Takes a source whose turn it is: nobody else's until the lease ends. The new fence shuts out who had it before. */
export async function claimSource(
  db: Queryable,
  id: string,
  leaseMs: number,
): Promise<SourceRow | undefined> {
  const { rows } = await db.query<SourceRow>(
    `UPDATE source SET leased_until = now() + $2 * interval '1 millisecond', fence = fence + 1, pulled_at = now()
      WHERE id = $1 AND state = 'active' AND due_at <= now() AND leased_until <= now() AND ${HAS_ROOM}
      RETURNING ${SOURCE_COLUMNS}`,
    [id, leaseMs],
  );
  return rows[0];
}

/** False when it is another's, or nobody's to pull any more. */
export async function renewSource(db: Queryable, { id, fence }: Held, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE source SET leased_until = now() + $3 * interval '1 millisecond'
      WHERE id = $1 AND fence = $2 AND state = 'active'`,
    [id, fence, leaseMs],
  );
  return rowCount === 1;
}

/** Gives it back as it is: at a stop. */
export async function letSourceGo(db: Queryable, { id, fence }: Held): Promise<void> {
  await db.query("UPDATE source SET leased_until = '-infinity' WHERE id = $1 AND fence = $2", [id, fence]);
}
