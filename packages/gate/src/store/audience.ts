import { createHash } from "node:crypto";
import type { Queryable } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";

/** The id of a set of organisations; the set is immutable and the same set has the same id. */
export async function internAudience(
  db: Queryable,
  { audiences }: Gate,
  organisationIds: readonly number[],
): Promise<number> {
  const sorted = [...new Set(organisationIds)].sort((a, b) => a - b).join(",");
  const remembered = audiences.get(sorted);
  if (remembered !== undefined) return remembered;
  const hash = createHash("sha256").update(sorted).digest();
  const known = await selectByHash(db, hash);
  if (known === undefined) {
    const made = (await insertAudience(db, hash, sorted)) ?? (await selectByHash(db, hash))?.id;
    if (made === undefined) throw new Error("the audience could not be made");
    return made;
  }
  // One that this very transaction made (after a savepoint: under a later number than its own) is not remembered: it
  // may still be rolled back.
  if (!known.uncommitted) {
    if (audiences.size >= MOST_REMEMBERED) audiences.clear();
    audiences.set(sorted, known.id);
  }
  return known.id;
}

const MOST_REMEMBERED = 10_000;

async function selectByHash(
  db: Queryable,
  hash: Buffer,
): Promise<{ id: number; uncommitted: boolean } | undefined> {
  const { rows } = await db.query<{ id: number; uncommitted: boolean }>(
    "SELECT id, age(xmin) <= 0 AS uncommitted FROM audience WHERE hash = $1",
    [hash],
  );
  return rows[0];
}

/** Undefined when somebody else made it meanwhile. */
async function insertAudience(db: Queryable, hash: Buffer, members: string): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number }>(
    `WITH made AS (INSERT INTO audience (hash) VALUES ($1) ON CONFLICT (hash) DO NOTHING RETURNING id),
          named AS (INSERT INTO audience_organisation (audience_id, organisation_id)
                    SELECT made.id, o FROM made, unnest($2::int[]) AS o)
     SELECT id FROM made`,
    [hash, `{${members}}`],
  );
  return rows[0]?.id;
}

/** The members of audiences, in ascending order. */
export async function selectAudience(db: Queryable, ids: readonly number[]): Promise<Map<number, number[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ audience_id: number; members: number[] }>(
    `SELECT audience_id, array_agg(organisation_id ORDER BY organisation_id) AS members FROM audience_organisation
      WHERE audience_id = ANY($1) GROUP BY audience_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.audience_id, row.members]));
}
