import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { Resaid } from "../entry/stated.ts";

/** What a producer said of a name: `live` unless all that said so was taken back. */
export type VictimRow = { name: string; outright: boolean; live: boolean };

export async function selectVictims(
  db: Queryable,
  producer: number,
  names: readonly string[],
): Promise<VictimRow[]> {
  if (names.length === 0) return [];
  const { rows } = await db.query<VictimRow>({
    name: "select-victims",
    text: `SELECT v.name, bool_or(v.outright) AS outright, bool_or(NOT r.withdrawn) AS live
             FROM victim v JOIN rendition r ON r.id = v.rendition_id
            WHERE v.producer = $1 AND v.name = ANY($2) GROUP BY v.name`,
    values: [producer, textColumn(names)],
  });
  return rows;
}

/** What a version calls a victim's, by its whole rendition. */
export type NewVictim = { name: string; renditionId: number };

export async function insertVictims(
  db: Queryable,
  producer: number,
  rows: readonly NewVictim[],
): Promise<void> {
  await db.query(
    `INSERT INTO victim (producer, name, rendition_id, outright)
     SELECT DISTINCT $1::integer, name, rendition_id, true FROM unnest($2::text[], $3::bigint[]) AS n (name, rendition_id)
     ON CONFLICT (producer, name, rendition_id) DO UPDATE SET outright = true`,
    [producer, textColumn(rows.map(({ name }) => name)), bigintColumn(rows.map((row) => row.renditionId))],
  );
}

/** What is a victim's where something else is; `same`: another name of that very thing. */
export type VictimLink = { whole: string; part: string; same: boolean };

/** All that was said of the wholes is said of their parts, and of theirs. */
export async function spreadVictims(
  db: Queryable,
  producer: number,
  links: readonly VictimLink[],
): Promise<void> {
  await db.query(
    `WITH RECURSIVE link AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::boolean[]) AS l (whole, part, same)
     ), spread AS (
       SELECT l.part AS name, v.rendition_id, v.outright AND l.same AS outright
         FROM link l JOIN victim v ON v.name = l.whole AND v.producer = $1
       UNION
       SELECT l.part, s.rendition_id, s.outright AND l.same FROM spread s JOIN link l ON l.whole = s.name
     )
     INSERT INTO victim (producer, name, rendition_id, outright)
     SELECT $1, name, rendition_id, bool_or(outright) FROM spread GROUP BY name, rendition_id
     ON CONFLICT (producer, name, rendition_id)
     DO UPDATE SET outright = true WHERE excluded.outright AND NOT victim.outright`,
    [
      producer,
      textColumn(links.map(({ whole }) => whole)),
      textColumn(links.map(({ part }) => part)),
      links.map(({ same }) => same),
    ],
  );
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

/**
 * Ids of a producer's live objects that bear one of these names, or hold it, in the order of their ids; but for those that
 * one submission stated knowing it.
 */
export async function selectHolding(
  db: Queryable,
  producer: number,
  names: readonly string[],
  butFor: string | null,
): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    `WITH holding AS (
       SELECT stix_id FROM object_version
        WHERE stix_id = ANY($2) AND producer = $1 AND withdrawn_at IS NULL
       UNION
       SELECT r.stix_id FROM reference n JOIN rendition r ON r.id = n.rendition_id
        WHERE n.name = ANY($3) AND r.producer = $1 AND NOT r.withdrawn
       UNION
       SELECT r.stix_id FROM observable o JOIN rendition r ON r.id = o.rendition_id
        WHERE o.key = ANY($3) AND r.producer = $1 AND NOT r.withdrawn AND r.copy_of IS NULL
     )
     SELECT DISTINCT h.stix_id FROM holding h JOIN object_version v ON v.stix_id = h.stix_id AND v.producer = $1
      WHERE v.withdrawn_at IS NULL AND ($4::uuid IS NULL OR v.submission_id IS DISTINCT FROM $4 OR NOT v.is_victims)
      ORDER BY 1`,
    [
      producer,
      textColumn(names),
      textColumn(names.filter((name) => /^(?:ipv[46]|email):/.test(name))),
      butFor,
    ],
  );
  return rows.map(({ stix_id }) => stix_id);
}

/** What was stated before is kept to be a victim's, whatever becomes of what said so. */
export async function noteVictims(
  db: Queryable,
  producer: number,
  { stixId, version, firstSaid, seal }: { stixId: string; version: string } & Resaid,
): Promise<void> {
  await db.query(
    `UPDATE object_version SET is_victims = true, first_said = $4, seal = $5
      WHERE stix_id = $2 AND producer = $1 AND version = $3`,
    [producer, stixId, version, firstSaid, seal],
  );
}
