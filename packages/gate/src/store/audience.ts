import { createHash } from "node:crypto";
import type { Queryable } from "@suar/runtime";

/** The id of a set of organisations; the set is immutable and the same set has the same id. */
export async function internAudience(db: Queryable, organisationIds: readonly number[]): Promise<number> {
  const sorted = [...new Set(organisationIds)].sort((a, b) => a - b);
  const hash = createHash("sha256").update(sorted.join(",")).digest();
  const select = async (): Promise<number | undefined> =>
    (await db.query<{ id: number }>("SELECT id FROM audience WHERE hash = $1", [hash])).rows[0]?.id;
  const known = await select();
  if (known !== undefined) return known;
  const { rows } = await db.query<{ id: number }>(
    `WITH made AS (INSERT INTO audience (hash) VALUES ($1) ON CONFLICT (hash) DO NOTHING RETURNING id),
          named AS (INSERT INTO audience_organisation (audience_id, organisation_id)
                    SELECT made.id, o FROM made, unnest($2::int[]) AS o)
     SELECT id FROM made`,
    [hash, sorted],
  );
  const id = rows[0]?.id ?? (await select()); // somebody else made it meanwhile
  if (id === undefined) throw new Error("the audience could not be made");
  return id;
}

export async function selectAudience(db: Queryable, ids: readonly number[]): Promise<Map<number, number[]>> {
  const { rows } = await db.query<{ audience_id: number; members: number[] }>(
    `SELECT audience_id, array_agg(organisation_id) AS members FROM audience_organisation
      WHERE audience_id = ANY($1) GROUP BY audience_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.audience_id, row.members]));
}
