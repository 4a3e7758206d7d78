import { type Queryable, textColumn } from "@suar/runtime";

/** What a producer said of a name: `live` unless all that said so was taken back; `spread`: its parts are so by it. */
export type VictimRow = { name: string; outright: boolean; live: boolean; spread: boolean };

export async function selectVictims(
  db: Queryable,
  producer: number,
  names: readonly string[],
): Promise<VictimRow[]> {
  if (names.length === 0) return [];
  const { rows } = await db.query<VictimRow>({
    name: "select-victims",
    text: "SELECT name, outright, live, spread FROM victim WHERE producer = $1 AND name = ANY($2)",
    values: [producer, textColumn(names)],
  });
  return rows;
}

/** A name that is a victim's from now on; `outright`: it was called so itself. */
export type NewVictim = { name: string; outright: boolean };

/** One row a name. What was only seen at a victim's does not take back what was said outright, while that holds. */
export async function upsertVictims(
  db: Queryable,
  producer: number,
  rows: readonly NewVictim[],
): Promise<void> {
  await db.query(
    `INSERT INTO victim AS v (producer, name, outright, live)
     SELECT $1, name, outright, true FROM unnest($2::text[], $3::boolean[]) AS n (name, outright) ORDER BY name
     ON CONFLICT (producer, name) DO UPDATE SET outright = excluded.outright OR (v.live AND v.outright), live = true,
           spread = true`,
    [producer, textColumn(rows.map(({ name }) => name)), rows.map(({ outright }) => outright)],
  );
}

/** What was a victim's before causes were kept: its parts have it for theirs from now on. */
export async function markSpread(db: Queryable, producer: number, names: readonly string[]): Promise<void> {
  await db.query("UPDATE victim SET spread = true WHERE producer = $1 AND name = ANY($2)", [
    producer,
    textColumn(names),
  ]);
}

/** Why a name is a victim's: the whole rendition of what said so, or the name of what it is a part of. */
export type VictimCause = { name: string; cause: string };

export async function insertCauses(
  db: Queryable,
  producer: number,
  rows: readonly VictimCause[],
): Promise<void> {
  await db.query(
    `INSERT INTO victim_cause (producer, name, cause)
     SELECT DISTINCT $1::integer, name, cause FROM unnest($2::text[], $3::text[]) AS n (name, cause) ORDER BY 2, 3
     ON CONFLICT DO NOTHING`,
    [producer, textColumn(rows.map(({ name }) => name)), textColumn(rows.map(({ cause }) => cause))],
  );
}

/** What was taken back is no cause any more. The names that it was one of. */
export async function deleteCauses(
  db: Queryable,
  producer: number,
  causes: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    "DELETE FROM victim_cause WHERE producer = $1 AND cause = ANY($2) RETURNING name",
    [producer, textColumn(causes)],
  );
  return [...new Set(rows.map(({ name }) => name))];
}

/** Of these names, those that nothing makes victims' any more; they are so for what was stated before alone. */
export async function endVictims(
  db: Queryable,
  producer: number,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `UPDATE victim v SET live = false WHERE v.producer = $1 AND v.name = ANY($2) AND v.live
        AND (SELECT true FROM victim_cause c WHERE c.producer = v.producer AND c.name = v.name LIMIT 1) IS NULL
     RETURNING v.name`,
    [producer, textColumn(names)],
  );
  return rows.map(({ name }) => name);
}

/** What a producer's live relationships say of which things these are parts, and perhaps some that say something else. */
export async function selectHoldings(
  db: Queryable,
  producer: number,
  wholes: readonly string[],
): Promise<string[]> {
  if (wholes.length === 0) return [];
  const { rows } = await db.query<{ body: string }>(
    `SELECT DISTINCT r.body FROM reference n JOIN rendition r ON r.id = n.rendition_id
      WHERE n.name = ANY($2) AND r.type = 'relationship' AND r.producer = $1 AND NOT r.withdrawn
        AND (strpos(r.body, '"consists-of"') > 0 OR strpos(r.body, '"resolves-to"') > 0)`,
    [producer, textColumn(wholes)],
  );
  return rows.map(({ body }) => body);
}

/** Of these keys those that the producer itself looks for as an attacker's. A version's first rendition has its keys. */
export async function selectLookedFor(
  db: Queryable,
  producer: number,
  keys: readonly string[],
): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<{ key: string }>(
    `SELECT DISTINCT o.key FROM observable o JOIN rendition r ON r.id = o.rendition_id
      WHERE o.key = ANY($2) AND r.type = 'indicator' AND r.producer = $1 AND NOT r.withdrawn`,
    [producer, textColumn(keys)],
  );
  return rows.map(({ key }) => key);
}
