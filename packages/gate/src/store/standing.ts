import { type Queryable, textColumn } from "@suar/runtime";

/** Of a version, whether what is kept of it for deciding it anew is what its entries and bodies make it. */
export type Standing = {
  /** Of the whole of it, as it is now. */
  body: string;
  is_erased: boolean;
  is_withdrawn: boolean;
  has_its_copies: boolean;
  has_its_readers: boolean;
};

/** Who was sent a copy, and did not lose it, has it; until its entry is in the log others may have it, too. */
const IS_LEFT_OUT = `
  SELECT FROM (SELECT whole.id, o.audience_id
               UNION ALL SELECT c.id, c.audience_id FROM rendition c WHERE c.id = ANY (o.copies)) held
    JOIN log l ON l.rendition_id = held.id AND l.kind <> 'withdrawn'
    JOIN audience_organisation sent ON sent.audience_id = l.audience_id
   WHERE NOT EXISTS (SELECT FROM audience_organisation have
                      WHERE have.audience_id = held.audience_id AND have.organisation_id = sent.organisation_id)
     AND NOT EXISTS (SELECT FROM closed
                      WHERE closed.rendition_id = held.id AND closed.organisation_id = sent.organisation_id AND NOT early)`;

export async function selectStanding(
  db: Queryable,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
): Promise<Standing | undefined> {
  const { rows } = await db.query<Standing>(
    `SELECT whole.body, whole.withdrawn AS is_erased, o.withdrawn_at IS NOT NULL AS is_withdrawn,
            coalesce(cardinality(o.copies), 0)
              = (SELECT count(*) FROM rendition c WHERE c.id = ANY (o.copies) AND c.copy_of = whole.id AND NOT c.closes)
              AS has_its_copies,
            whole.withdrawn OR NOT EXISTS (${IS_LEFT_OUT}) AS has_its_readers
       FROM object_version o JOIN rendition whole ON whole.id = o.rendition_id
      WHERE o.stix_id = $1 AND o.producer = $2 AND o.version = $3`,
    [stixId, producer, version],
  );
  return rows[0];
}

/** How many of these names a rendition is found by. */
export async function countReferences(
  db: Queryable,
  renditionId: number,
  names: readonly string[],
): Promise<number> {
  if (names.length === 0) return 0;
  const { rows } = await db.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM reference WHERE rendition_id = $1 AND name = ANY($2)",
    [renditionId, textColumn(names)],
  );
  return rows[0]?.count ?? 0;
}

/** Of how many of these names it is kept that they are a victim's outright, and that this rendition says so. */
export async function countVictims(
  db: Queryable,
  producer: number,
  renditionId: number,
  names: readonly string[],
): Promise<number> {
  if (names.length === 0) return 0;
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM victim JOIN victim_cause USING (producer, name)
      WHERE producer = $2 AND cause = $1 AND name = ANY($3) AND outright AND live`,
    [String(renditionId), producer, textColumn(names)],
  );
  return rows[0]?.count ?? 0;
}
