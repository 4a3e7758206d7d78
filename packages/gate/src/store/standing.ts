import { type Queryable, textColumn } from "@suar/runtime";

/** Of a version, whether what is kept of it for deciding it anew is what its entries and bodies make it. */
export type Soundness = {
  /** Of the whole of it, as it is now. */
  body: string;
  is_erased: boolean;
  is_withdrawn: boolean;
  has_its_copies: boolean;
  has_its_readers: boolean;
  /** By all who have it: nothing is closed to them without a reason. */
  can_be_read: boolean;
};

/** The copies of a version with those who have them by now. */
const HELD = `(SELECT whole.id, o.audience_id
               UNION ALL SELECT c.id, c.audience_id FROM rendition c WHERE c.id = ANY (o.copies)) held`;

/** The reader has, or had, something else under the id that the copy bears: then the loss of this one need not be told. */
const KNOWS_ANOTHER = `EXISTS (
  SELECT FROM rendition another JOIN log e ON e.rendition_id = another.id
    JOIN audience_organisation a ON a.audience_id = e.audience_id AND a.organisation_id = sent.organisation_id
   WHERE another.stix_id = stub.stix_id AND another.producer = stub.producer
     AND another.id <> held.id AND another.copy_of IS DISTINCT FROM held.id)`;

/** Of a copy that was sent by an entry `l`, the log tells since then that it is theirs no more, or is about to. */
const WAS_TOLD = `(EXISTS (
  SELECT FROM rendition copy JOIN rendition stub ON stub.stix_id = copy.stix_id AND stub.producer = copy.producer
    JOIN log t ON t.rendition_id = stub.id
   WHERE copy.id = held.id AND stub.closes AND stub.copy_of = held.id AND t.kind = 'withdrawn' AND t.seq > l.seq
     AND NOT EXISTS (SELECT FROM closed again
                      WHERE again.rendition_id = stub.id AND again.organisation_id = sent.organisation_id)
     AND (EXISTS (SELECT FROM audience_organisation a
                   WHERE a.audience_id = t.audience_id AND a.organisation_id = sent.organisation_id)
          OR ${KNOWS_ANOTHER}))
  OR EXISTS (SELECT FROM unsequenced u JOIN rendition stub ON stub.id = ANY (u.renditions)
              WHERE stub.closes AND stub.copy_of = held.id))`;

/** Who was sent a copy, and was not told of its loss, has it; until its entry is in the log others may have it, too. */
const IS_LEFT_OUT = `
  SELECT FROM ${HELD}
    JOIN log l ON l.rendition_id = held.id AND l.kind <> 'withdrawn'
    JOIN audience_organisation sent ON sent.audience_id = l.audience_id
   WHERE NOT EXISTS (SELECT FROM audience_organisation have
                      WHERE have.audience_id = held.audience_id AND have.organisation_id = sent.organisation_id)
     AND NOT (EXISTS (SELECT FROM closed
                       WHERE closed.rendition_id = held.id AND closed.organisation_id = sent.organisation_id AND NOT early)
              AND ${WAS_TOLD})`;

/** What was said of it ends by now, or a pass has still to come to it. */
const IS_OVER = `EXISTS (SELECT FROM object_version v WHERE v.stix_id = o.stix_id AND v.producer = o.producer
                          AND (v.limits ->> 'expires')::timestamptz <= now())`;
const IS_UNDER_WAY = `(EXISTS (SELECT FROM reevaluation p WHERE p.producer = o.producer AND p.finished_at IS NULL)
  OR EXISTS (SELECT FROM reevaluation_due d
              WHERE d.producer = o.producer AND d.stix_id = o.stix_id AND d.at <= clock_timestamp()))`;

/**
 * What is closed to somebody for no reason that there is: who has a copy can read it; what is over for all has an end that
 * has come; what is closed before it is told has a pass to tell it; and whoever a withdrawal is for can read that.
 */
const IS_SHUT_OUT = `
  SELECT FROM ${HELD} JOIN closed ON closed.rendition_id = held.id AND closed.since <= now()
   WHERE CASE
     WHEN whole.withdrawn THEN EXISTS (
       SELECT FROM log l JOIN audience_organisation a USING (audience_id)
        WHERE l.rendition_id = held.id AND l.kind = 'withdrawn' AND closed.organisation_id IN (0, a.organisation_id))
     WHEN closed.organisation_id = 0 THEN closed.but_for <> o.producer OR NOT ${IS_OVER}
     WHEN closed.early THEN NOT ${IS_UNDER_WAY}
     ELSE EXISTS (SELECT FROM audience_organisation have
                   WHERE have.audience_id = held.audience_id AND have.organisation_id = closed.organisation_id) END`;

export async function selectStanding(
  db: Queryable,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
): Promise<Soundness | undefined> {
  const { rows } = await db.query<Soundness>(
    `SELECT whole.body, whole.withdrawn AS is_erased, o.withdrawn_at IS NOT NULL AS is_withdrawn,
            coalesce(cardinality(o.copies), 0)
              = (SELECT count(*) FROM rendition c WHERE c.id = ANY (o.copies) AND c.copy_of = whole.id AND NOT c.closes)
              AS has_its_copies,
            whole.withdrawn OR NOT EXISTS (${IS_LEFT_OUT}) AS has_its_readers,
            NOT EXISTS (${IS_SHUT_OUT}) AS can_be_read
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
