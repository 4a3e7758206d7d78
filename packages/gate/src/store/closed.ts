import { bigintColumn, type Queryable } from "@suar/runtime";
import type { Stub } from "./rendition.ts";

/** From this commit on these may not see a rendition, whatever entries were addressed to them. */
export async function closeRenditions(
  db: Queryable,
  renditionId: number,
  organisations: readonly number[],
): Promise<void> {
  await db.query(
    "INSERT INTO closed (rendition_id, organisation_id) SELECT $1, unnest($2::int[]) ON CONFLICT DO NOTHING",
    [renditionId, organisations],
  );
}

/** A rendition that ends for all but its producer at a time. */
export type Closing = { renditionId: number; at: string };

/**
 * Of two ends the earlier holds. Until then nothing changes; from then on row-level security keeps to it by itself, and
 * the object is due to be decided anew, so that those who had it are told.
 */
export async function closeAt(db: Queryable, producer: number, rows: readonly Closing[]): Promise<void> {
  await db.query(
    `WITH ending AS (
       INSERT INTO closed AS c (rendition_id, organisation_id, but_for, since)
       SELECT rendition_id, 0, $1, since FROM unnest($2::bigint[], $3::timestamptz[]) AS w (rendition_id, since)
       ON CONFLICT (rendition_id, organisation_id) DO UPDATE SET since = excluded.since WHERE excluded.since < c.since
       RETURNING rendition_id, since)
     INSERT INTO reevaluation_due (at, producer, stix_id)
     SELECT DISTINCT e.since, $1::integer, whole.stix_id
       FROM ending e JOIN rendition r ON r.id = e.rendition_id JOIN rendition whole ON whole.id = coalesce(r.copy_of, r.id)
     ON CONFLICT DO NOTHING`,
    [producer, bigintColumn(rows.map(({ renditionId }) => renditionId)), rows.map(({ at }) => at)],
  );
}

/** A rendition that goes to readers to whom it may have been closed. */
export type Opened = { stixId: string; renditionId: number; readers: readonly number[] };

/**
 * Opens renditions again, and closes what told them that it was theirs no more: what they have under one id is one thing
 * at a time.
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
                      RETURNING w.stix_id, w.organisation_id)
     INSERT INTO closed (rendition_id, organisation_id)
     SELECT r.id, o.organisation_id FROM opened o JOIN rendition r ON r.stix_id = o.stix_id
      WHERE r.producer = $1 AND r.closes ON CONFLICT DO NOTHING`,
    [
      producer,
      rows.map((row) => row.renditionId),
      rows.map((row) => row.stixId),
      rows.map((row) => row.readers.join()),
    ],
  );
}

/**
 * Writes what tells readers that a rendition is theirs no more: its type, id and time of modification, and no more. The
 * answer knows each by its own id.
 */
export async function insertStubs(
  db: Queryable,
  stubs: readonly { id: number; of: number }[],
): Promise<Map<number, Stub & { stix_id: string }>> {
  const { rows } = await db.query<Stub & { stix_id: string }>(
    `INSERT INTO rendition (id, producer, stix_id, type, tlp, pap, rank, withdrawn, closes, copy_of, body)
     SELECT s.id, r.producer, r.stix_id, r.type, r.tlp, r.pap, r.rank, true, true, r.id,
            format('{"type":%s,"id":%s,"modified":%s}', to_json(r.type), to_json(r.stix_id),
                   to_json(coalesce(r.body::json ->> 'modified',
                                    to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
       FROM unnest($1::bigint[], $2::bigint[]) AS s (id, of_rendition) JOIN rendition r ON r.id = s.of_rendition
     RETURNING id, stix_id, type, tlp, pap, body`,
    [stubs.map(({ id }) => id), stubs.map(({ of }) => of)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
