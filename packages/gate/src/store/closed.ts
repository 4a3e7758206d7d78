import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { RevokedVersion, Stub } from "./rendition.ts";

/** That one may see a rendition no more, and by which codes. */
export type Closed = { renditionId: number; reader: number; why: readonly string[] };

/**
 * From this commit on these may not see a rendition, whatever entries were addressed to them. `closing` tells its
 * originator of it, and since when, and every process that has the rendition in memory, before the pen comes to it.
 */
export async function closeRenditions(db: Queryable, rows: readonly Closed[]): Promise<void> {
  await db.query(
    `WITH wanted AS (SELECT rendition_id, organisation_id::int, string_to_array(why, ' ') AS why
                       FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS w (rendition_id, organisation_id, why)),
          -- As it stood before this statement: closed early, or at its end.
          before AS (SELECT rendition_id, w.organisation_id, min(CASE WHEN c.early THEN
                              (SELECT max(at) FROM closing e WHERE e.rendition_id = c.rendition_id
                                  AND e.organisation_id = c.organisation_id AND e.why = '{}') ELSE c.since END) AS since
                       FROM wanted w JOIN closed c USING (rendition_id)
                      WHERE (c.early AND c.organisation_id = w.organisation_id)
                         OR (c.organisation_id = 0 AND c.but_for <> w.organisation_id AND c.since <= clock_timestamp())
                      GROUP BY 1, 2),
          shut AS (INSERT INTO closed AS c (rendition_id, organisation_id) SELECT rendition_id, organisation_id FROM wanted
                   ON CONFLICT (rendition_id, organisation_id) DO UPDATE SET early = false WHERE c.early
                   RETURNING rendition_id, organisation_id)
     INSERT INTO closing (rendition_id, organisation_id, why, since)
     SELECT rendition_id, organisation_id, why, since
       FROM shut JOIN wanted USING (rendition_id, organisation_id) LEFT JOIN before USING (rendition_id, organisation_id)`,
    [
      bigintColumn(rows.map(({ renditionId }) => renditionId)),
      bigintColumn(rows.map(({ reader }) => reader)),
      textColumn(rows.map(({ why }) => why.join(" "))),
    ],
  );
}

/** Ends a statement that says in `wanted` which copies of what are closed to whom. */
const CLOSE_WANTED_EARLY = `
          made AS (INSERT INTO closed (rendition_id, organisation_id, early)
                   SELECT rendition_id, organisation_id, true FROM wanted ON CONFLICT DO NOTHING
                   RETURNING rendition_id, organisation_id),
          seen AS (INSERT INTO closing (rendition_id, organisation_id, why)
                   SELECT rendition_id, organisation_id, '{}' FROM made)
     SELECT w.stix_id AS "stixId", w.organisation_id AS organisation
       FROM made m JOIN wanted w USING (rendition_id, organisation_id)`;

/** A copy of an object, and those who may see it no more. */
export type ClosedEarly = { stixId: string; renditionId: number; readers: readonly number[] };

/** Of which object something was closed before it was told, and to whom. */
export type EarlyLoss = { stixId: string; organisation: number };

/** The same before they are told. */
export async function closeEarly(db: Queryable, rows: readonly ClosedEarly[]): Promise<EarlyLoss[]> {
  const { rows: closed } = await db.query<EarlyLoss>(
    `WITH wanted AS (SELECT stix_id, rendition_id, organisation_id
                       FROM unnest($1::text[], $2::bigint[], $3::text[]) AS w (stix_id, rendition_id, readers),
                            unnest(string_to_array(readers, ',')::int[]) AS organisation_id),
          ${CLOSE_WANTED_EARLY}`,
    [
      textColumn(rows.map(({ stixId }) => stixId)),
      bigintColumn(rows.map(({ renditionId }) => renditionId)),
      textColumn(rows.map(({ readers }) => readers.join())),
    ],
  );
  return closed;
}

/**
 * The same for whatever names these objects, to those of their readers from whom they are taken: what is told of a thing goes
 * with it. A producer's own versions that stand.
 */
export async function closeNaming(
  db: Queryable,
  producer: number,
  lost: readonly EarlyLoss[],
): Promise<EarlyLoss[]> {
  const { rows } = await db.query<EarlyLoss>(
    `WITH lost AS (SELECT * FROM unnest($2::text[], $3::bigint[]) AS l (name, organisation_id)),
          named AS MATERIALIZED (
            SELECT n.name, v.* FROM reference n, LATERAL (
              SELECT v.stix_id, v.rendition_id, v.audience_id, v.copies FROM rendition r JOIN object_version v
                  ON v.stix_id = r.stix_id AND v.producer = r.producer AND v.rendition_id = r.id
               WHERE r.id = n.rendition_id AND r.producer = $1 AND NOT r.withdrawn OFFSET 0) v
             WHERE n.name = ANY ($2)),
          naming AS (SELECT DISTINCT n.stix_id, n.rendition_id, n.audience_id, n.copies, l.organisation_id
                       FROM named n JOIN lost l USING (name) WHERE l.organisation_id <> $1),
          held AS (SELECT stix_id, rendition_id, audience_id, organisation_id FROM naming
                   UNION ALL
                   SELECT n.stix_id, c.id, c.audience_id, n.organisation_id
                     FROM naming n JOIN rendition c ON c.id = ANY (n.copies)),
          wanted AS (SELECT h.* FROM held h JOIN audience_organisation a USING (audience_id, organisation_id)),
          ${CLOSE_WANTED_EARLY}`,
    [
      producer,
      textColumn(lost.map(({ stixId }) => stixId)),
      bigintColumn(lost.map(({ organisation }) => organisation)),
    ],
  );
  return rows;
}

/** All that stands of these objects, to all who were sent it but their producer, or these. */
export async function closeToAll(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
  butFor: readonly number[] = [producer],
): Promise<EarlyLoss[]> {
  const { rows } = await db.query<EarlyLoss>(
    `WITH wanted AS (SELECT DISTINCT v.stix_id, r.id AS rendition_id, a.organisation_id
                       FROM object_version v
                       JOIN rendition r ON r.id = ANY (array_append(v.copies, v.rendition_id))
                       JOIN audience_organisation a
                         ON a.audience_id = CASE WHEN r.id = v.rendition_id THEN v.audience_id ELSE r.audience_id END
                      WHERE v.producer = $1 AND v.stix_id = ANY($2) AND v.withdrawn_at IS NULL AND a.organisation_id <> ALL($3::bigint[])),
          ${CLOSE_WANTED_EARLY}`,
    [producer, textColumn(stixIds), bigintColumn(butFor)],
  );
  return rows;
}

/** Those of these ids that anything names. */
export async function selectNamed(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ name: string }>(
    "SELECT DISTINCT name FROM reference WHERE name = ANY($1)",
    [textColumn(ids)],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Of these renditions, those to whom they are closed without having been told. */
export async function selectClosedEarly(
  db: Queryable,
  renditionIds: readonly number[],
): Promise<Map<number, ReadonlySet<number>>> {
  const { rows } = await db.query<{ rendition_id: number; organisations: number[] }>(
    `SELECT rendition_id, array_agg(organisation_id) AS organisations FROM closed
      WHERE rendition_id = ANY($1) AND early GROUP BY 1`,
    [bigintColumn(renditionIds)],
  );
  return new Map(rows.map((row) => [row.rendition_id, new Set(row.organisations)]));
}

/** A rendition that ends for all but its producer at a time. */
export type RenditionEnd = { renditionId: number; at: string };

/**
 * Of two ends the earlier holds. Until then nothing changes; from then on row-level security keeps to it by itself, and
 * the object is due to be decided anew, so that those who had it are told. What is `new` is in nobody's memory yet: it is
 * read with its end.
 */
export async function closeAt(
  db: Queryable,
  producer: number,
  rows: readonly RenditionEnd[],
  which: "new" | "sent",
): Promise<void> {
  await db.query(
    `WITH ending AS (
       INSERT INTO closed AS c (rendition_id, organisation_id, but_for, since)
       SELECT rendition_id, 0, $1, since FROM unnest($2::bigint[], $3::timestamptz[]) AS w (rendition_id, since)
       ON CONFLICT (rendition_id, organisation_id) DO UPDATE SET since = excluded.since WHERE excluded.since < c.since
       RETURNING rendition_id, since),
       told AS (
         INSERT INTO closing (rendition_id, organisation_id, why)
         SELECT rendition_id, 0, '{}' FROM ending WHERE $4)
     INSERT INTO reevaluation_due (at, producer, stix_id)
     SELECT DISTINCT e.since, $1::integer, whole.stix_id
       FROM ending e JOIN rendition r ON r.id = e.rendition_id JOIN rendition whole ON whole.id = coalesce(r.copy_of, r.id)
     ON CONFLICT DO NOTHING`,
    [
      producer,
      bigintColumn(rows.map(({ renditionId }) => renditionId)),
      rows.map(({ at }) => at),
      which === "sent",
    ],
  );
}

/** A rendition that goes to readers to whom it may have been closed. */
export type Opened = { stixId: string; renditionId: number; readers: readonly number[] };

/**
 * Opens renditions again, and closes what told them that these were theirs no more. What told them of another under the
 * same id stays: whoever goes on from before it has still to hear of that.
 */
export async function openRenditions(
  db: Queryable,
  producer: number,
  rows: readonly Opened[],
): Promise<void> {
  await db.query(
    `WITH wanted AS (SELECT rendition_id, stix_id, organisation_id
                       FROM unnest($2::bigint[], $3::text[], $4::text[]) AS w (rendition_id, stix_id, readers),
                            unnest(string_to_array(readers, ',')::int[]) AS organisation_id),
          opened AS (DELETE FROM closed c USING wanted w
                      WHERE c.rendition_id = w.rendition_id AND c.organisation_id = w.organisation_id
                      RETURNING w.stix_id, w.rendition_id, w.organisation_id)
     INSERT INTO closed (rendition_id, organisation_id)
     SELECT r.id, o.organisation_id FROM opened o JOIN rendition r ON r.stix_id = o.stix_id
      WHERE r.producer = $1 AND r.closes AND r.copy_of = o.rendition_id ON CONFLICT DO NOTHING`,
    [
      producer,
      rows.map((row) => row.renditionId),
      rows.map((row) => row.stixId),
      rows.map((row) => row.readers.join()),
    ],
  );
}

/** Renditions of which nothing is left but that they were withdrawn: whoever was sent them is told so. */
export async function reopenErased(db: Queryable, renditionIds: readonly number[]): Promise<void> {
  await db.query(
    `DELETE FROM closed c USING rendition r
      WHERE c.rendition_id = ANY($1) AND r.id = c.rendition_id AND r.withdrawn AND NOT r.closes`,
    [renditionIds],
  );
}

/** What tells of a loss; `stix_id` is the id that was lost. */
export type LossStub = Stub & { stix_id: string };

/** `of`: the rendition that is lost. `revocation` is what TAXII shows in its place. */
export type NewStub = { id: number; of: number; revocation: RevokedVersion | undefined };

/**
 * Writes what tells readers that a rendition is theirs no more: its type, id and time of modification, and no more. Where
 * a version revokes it, it has the sectors that it had, so that the collections that held it can tell. The answer knows
 * each by its own id.
 */
export async function insertStubs(db: Queryable, stubs: readonly NewStub[]): Promise<Map<number, LossStub>> {
  const { rows } = await db.query<LossStub>(
    `INSERT INTO rendition (id, producer, stix_id, type, tlp, pap, rank, withdrawn, closes, copy_of, revocation,
                            revocation_rank, sectors, body)
     SELECT s.id, r.producer, r.stix_id, r.type, r.tlp, r.pap, r.rank, true, true, r.id, s.revocation, s.revocation_rank,
            CASE WHEN s.revocation IS NOT NULL THEN r.sectors END,
            format('{"type":%s,"id":%s,"modified":%s}', to_json(r.type), to_json(r.stix_id),
                   to_json(coalesce(r.body::json ->> 'modified',
                                    to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
       FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS s (id, of_rendition, revocation, revocation_rank)
       JOIN rendition r ON r.id = s.of_rendition
     RETURNING id, stix_id, type, tlp, pap, body, revocation`,
    [
      bigintColumn(stubs.map(({ id }) => id)),
      bigintColumn(stubs.map(({ of }) => of)),
      textColumn(stubs.map(({ revocation }) => revocation?.body ?? null)),
      bigintColumn(stubs.map(({ revocation }) => revocation?.rank ?? null)),
    ],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
