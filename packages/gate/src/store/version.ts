import { type Queryable, textColumn } from "@suar/runtime";
import type { KnownVersion } from "../judge.ts";

/** What a producer stated before about these ids. */
export async function selectVersions(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<Map<string, KnownVersion[]>> {
  const { rows } = await db.query<KnownVersion>(
    `SELECT stix_id, version, rank, content_hash, rendition_id, audience_id, submission_id, withdrawn_at, kept_over,
            coalesce((SELECT json_agg(json_build_object('view', encode(view, 'hex'), 'shown_id', shown_id,
                                                        'rendition_id', rendition_id, 'audience_id', audience_id))
                        FROM redaction d WHERE d.stix_id = v.stix_id AND d.producer = v.producer
                                           AND d.version = v.version), '[]') AS redactions
       FROM object_version v WHERE stix_id = ANY($1) AND producer = $2`,
    [textColumn(ids), producer],
  );
  const byId = new Map<string, KnownVersion[]>();
  for (const row of rows) byId.set(row.stix_id, [...(byId.get(row.stix_id) ?? []), row]);
  return byId;
}

/** One producer's releases go one after the other: what `judge` looked at stays true until the commit. */
export async function lockProducer(db: Queryable, realm: string, producer: number): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('release:' || $1), $2)", [realm, producer]);
}

/** A version, with its rendition for those who see it whole. */
export type NewVersion = {
  stixId: string;
  version: string;
  rank: number;
  hash: Buffer;
  renditionId: number;
  audienceId: number;
};

export type Kept = { stixId: string; version: string; hash: Buffer };

/** Remembers what a version was kept over, so that the same submission sent again changes nothing. */
export async function noteKept(db: Queryable, producer: number, kept: readonly Kept[]): Promise<void> {
  await db.query(
    `UPDATE object_version AS o SET kept_over = coalesce(o.kept_over, '{}') || k.hashes
       FROM (SELECT stix_id, version, array_agg(hash) AS hashes
               FROM unnest($2::text[], $3::text[], $4::bytea[]) AS k (stix_id, version, hash) GROUP BY 1, 2) k
      WHERE o.producer = $1 AND o.stix_id = k.stix_id AND o.version = k.version`,
    [producer, kept.map((one) => one.stixId), kept.map((one) => one.version), kept.map((one) => one.hash)],
  );
}

export type Widened = { stixId: string; version: string; audienceId: number };

export async function widenVersions(
  db: Queryable,
  producer: number,
  rows: readonly Widened[],
): Promise<void> {
  await db.query(
    `UPDATE object_version AS o SET audience_id = w.audience_id
       FROM unnest($2::text[], $3::text[], $4::int[]) AS w (stix_id, version, audience_id)
      WHERE o.producer = $1 AND o.stix_id = w.stix_id AND o.version = w.version`,
    [
      producer,
      rows.map((row) => row.stixId),
      rows.map((row) => row.version),
      rows.map((row) => row.audienceId),
    ],
  );
}

export async function markWithdrawn(db: Queryable, producer: number, stixId: string): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>(
    `UPDATE object_version SET withdrawn_at = clock_timestamp()
      WHERE stix_id = $1 AND producer = $2 AND withdrawn_at IS NULL RETURNING withdrawn_at AS at`,
    [stixId, producer],
  );
  const at = rows[0]?.at;
  if (at === undefined) throw new Error("nothing to withdraw");
  return at;
}
