import { createHash } from "node:crypto";
import { byteaColumn, type Queryable, textColumn } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";

type Organisations = readonly number[];

/** The id of a set of organisations; the set is immutable and the same set has the same id. */
export async function internAudience(
  db: Queryable,
  gate: Pick<Gate, "audiences">,
  organisationIds: Organisations,
): Promise<number> {
  return (await internAudiences(db, gate, [organisationIds]))(organisationIds);
}

/** The same of many sets, by as many statements as of one; the answer knows each of them. */
export async function internAudiences(
  db: Queryable,
  { audiences }: Pick<Gate, "audiences">,
  all: Iterable<Organisations>,
): Promise<(organisationIds: Organisations) => number> {
  const ids = new Map<string, number>();
  const missing = new Map<string, Buffer>();
  for (const name of new Set([...new Set(all)].map(nameOf))) {
    const known = audiences.get(name);
    if (known === undefined) missing.set(name, createHash("sha256").update(name).digest());
    else ids.set(name, known);
  }
  await findKept(db, audiences, missing, ids);
  if (missing.size > 0) {
    // Those that somebody else made meanwhile are found.
    const made = await insertAudiences(db, missing);
    for (const [name, hash] of missing) setKnown(ids, missing, name, made.get(hash.toString("base64")));
    await findKept(db, audiences, missing, ids);
  }
  if (missing.size > 0) throw new Error("an audience could not be made");
  return (organisationIds) => {
    const id = ids.get(nameOf(organisationIds));
    if (id === undefined) throw new Error("an audience was not asked for");
    return id;
  };
}

const named = new WeakMap<Organisations, string>();

/** Equal sets are often one array, and none is changed. */
function nameOf(organisationIds: Organisations): string {
  const known = named.get(organisationIds) ?? [...new Set(organisationIds)].sort((a, b) => a - b).join(",");
  named.set(organisationIds, known);
  return known;
}

function setKnown(
  ids: Map<string, number>,
  missing: Map<string, Buffer>,
  name: string,
  id: number | undefined,
): void {
  if (id === undefined) return;
  ids.set(name, id);
  missing.delete(name);
}

const MOST_REMEMBERED = 10_000;

/**
 * Those that are kept come out of `missing`. One that this very transaction made (after a savepoint: under a later number
 * than its own) is not remembered: it may still be rolled back.
 */
async function findKept(
  db: Queryable,
  audiences: Map<string, number>,
  missing: Map<string, Buffer>,
  ids: Map<string, number>,
): Promise<void> {
  if (missing.size === 0) return;
  const { rows } = await db.query<{ id: number; hash: Buffer; uncommitted: boolean }>(
    "SELECT id, hash, age(xmin) <= 0 AS uncommitted FROM audience WHERE hash = ANY($1)",
    [byteaColumn([...missing.values()])],
  );
  const found = new Map(rows.map((row) => [row.hash.toString("base64"), row]));
  for (const [name, hash] of missing) {
    const row = found.get(hash.toString("base64"));
    setKnown(ids, missing, name, row?.id);
    if (row === undefined || row.uncommitted) continue;
    if (audiences.size >= MOST_REMEMBERED) audiences.clear();
    audiences.set(name, row.id);
  }
}

/** Those that nobody else made meanwhile, by their hashes in base64. In the order of the hashes: no deadlocks among these. */
async function insertAudiences(
  db: Queryable,
  missing: ReadonlyMap<string, Buffer>,
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: number; hash: Buffer }>(
    `WITH wanted AS (SELECT * FROM unnest($1::bytea[], $2::text[]) AS w (hash, members)),
          made AS (INSERT INTO audience (hash) SELECT hash FROM wanted ORDER BY hash
                   ON CONFLICT (hash) DO NOTHING RETURNING id, hash),
          named AS (INSERT INTO audience_organisation (audience_id, organisation_id)
                    SELECT made.id, o FROM made JOIN wanted USING (hash), unnest(string_to_array(members, ',')::int[]) AS o)
     SELECT id, hash FROM made`,
    [byteaColumn([...missing.values()]), textColumn([...missing.keys()])],
  );
  return new Map(rows.map(({ id, hash }) => [hash.toString("base64"), id]));
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
