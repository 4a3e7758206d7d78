import { type Limits, NO_LIMITS } from "@suar/policy";
import { type Queryable, textColumn } from "@suar/runtime";
import type { Addressed } from "../context/addressing.ts";
import type { ReleaseItem } from "../context/release-item.ts";
import type { Resaid } from "../entry/stated.ts";
import type { KnownVersion, Lineage } from "../judge/judge.ts";

/** Of an id with more versions than this, only those are read that a judgement could need. */
const MOST_READ = 64;

const ROW = `stix_id, version, rank, content_hash, rendition_id, audience_id, submission_id, withdrawn_at, creator,
  created, revoked, kept_over, named, community, is_victims, limits, kind,
  form, first_said,
  (SELECT tlp FROM rendition WHERE id = v.rendition_id) AS tlp,
  (SELECT pap FROM rendition WHERE id = v.rendition_id) AS pap,
  many, first_rank,
  (SELECT json_build_object('tlp', m.tlp, 'pap', m.pap, 'named', m.named, 'community', m.community, 'revision', m.revision)
     FROM marking m WHERE m.stix_id = v.stix_id AND m.producer = v.producer) AS marked,
  coalesce((SELECT json_agg(json_build_object('view', encode(view, 'hex'), 'shown_id', stix_id,
                                              'rendition_id', id, 'audience_id', audience_id))
              FROM rendition WHERE id = ANY (v.copies)), '[]') AS redactions`;

const RANKED = `SELECT *, count(*) OVER one AS many, min(rank) OVER one AS first_rank,
    row_number() OVER (PARTITION BY stix_id ORDER BY rank DESC) AS place
  FROM object_version WHERE stix_id = ANY($1) AND producer = $2 WINDOW one AS (PARTITION BY stix_id)`;

type VersionRow = Omit<KnownVersion, "keptOver" | "limits"> & {
  kept_over: Buffer[] | null;
  limits: Limits | null;
};

/** What a producer stated before about these ids: all versions, or, where there are very many, the latest. */
export async function selectVersions(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<Map<string, KnownVersion[]>> {
  const { rows } = await db.query<VersionRow>(
    `SELECT ${ROW} FROM (${RANKED}) v WHERE many <= $3 OR place = 1`,
    [textColumn(ids), producer, MOST_READ],
  );
  return byId(rows);
}

/** All versions of an id, however many. */
export async function selectEveryVersion(
  db: Queryable,
  producer: number,
  stixId: string,
): Promise<KnownVersion[]> {
  return (await selectEveryVersionOf(db, producer, [stixId])).get(stixId) ?? [];
}

/** The same of many ids. */
export async function selectEveryVersionOf(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<Map<string, KnownVersion[]>> {
  const { rows } = await db.query<VersionRow>(`SELECT ${ROW} FROM (${RANKED}) v`, [
    textColumn(ids),
    producer,
  ]);
  return byId(rows);
}

function byId(rows: readonly VersionRow[]): Map<string, KnownVersion[]> {
  return Map.groupBy(rows.map(knownVersion), ({ stix_id: id }) => id);
}

/** Of ids with very many versions, those with such a name or content. */
export async function selectVersionsLike(
  db: Queryable,
  producer: number,
  wanted: { ids: readonly string[]; versions: readonly string[]; hashes: readonly Buffer[] },
): Promise<KnownVersion[]> {
  const { rows } = await db.query<VersionRow>(
    `SELECT ${ROW} FROM (${RANKED}) v WHERE place > 1 AND (version = ANY($3) OR content_hash = ANY($4))`,
    [textColumn(wanted.ids), producer, textColumn(wanted.versions), wanted.hashes],
  );
  return rows.map(knownVersion);
}

export function hasMore({ many }: KnownVersion): boolean {
  return many > MOST_READ;
}

function knownVersion({ kept_over, limits, ...row }: VersionRow): KnownVersion {
  const keptOver = new Set(kept_over?.map((hash) => hash.toString("base64")));
  return { ...row, keptOver, limits: limits ?? NO_LIMITS };
}

/**
 * One producer's releases go one after the other: what `judge` looked at stays true until the commit. The answer is the
 * fingerprint of what decisions stand on, and the time, both as of when the lock was held.
 */
export async function lockProducer(
  db: Queryable,
  realm: string,
  producer: number,
): Promise<{ standing: string; now: number }> {
  const { rows } = await db.query<{ standing: string; now: number }>({
    name: "lock-producer",
    text: "SELECT standing, now_ms AS now FROM lock_producer($1, $2)",
    values: [realm, producer],
  });
  const [held] = rows;
  if (held === undefined) throw new Error("the lock says nothing");
  return held;
}

/** A version, with its rendition for those who see it whole. */
export type NewVersion = {
  stixId: string;
  version: string;
  rank: number;
  hash: Buffer;
  renditionId: number;
  audienceId: number;
  /** Its redacted renditions. */
  copies: number[];
  isVictims: boolean;
  limits: Limits;
  kind: ReleaseItem["kind"];
} & Lineage &
  Addressed;

export type Kept = { stixId: string; version: string; hash: Buffer };

/** Beyond so many, what is said again in other words is a new version. */
const MOST_KEPT_OVER = 1_000;

/** Remembers what a version was kept over, so that the same submission sent again changes nothing. */
export async function noteKept(db: Queryable, producer: number, kept: readonly Kept[]): Promise<void> {
  await db.query(
    `UPDATE object_version AS o SET kept_over = (coalesce(o.kept_over, '{}') || k.hashes)[1:${MOST_KEPT_OVER}]
       FROM (SELECT stix_id, version, array_agg(hash) AS hashes
               FROM unnest($2::text[], $3::text[], $4::bytea[]) AS k (stix_id, version, hash) GROUP BY 1, 2) k
      WHERE o.producer = $1 AND o.stix_id = k.stix_id AND o.version = k.version
        AND coalesce(cardinality(o.kept_over), 0) < ${MOST_KEPT_OVER}`,
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

/** Versions that their originator addresses to others than before, or of which it says more. */
export type Readdressed = {
  stixId: string;
  version: string;
  isVictims: boolean;
  limits: Limits;
} & Addressed &
  Resaid;

export async function readdressVersions(
  db: Queryable,
  producer: number,
  rows: readonly Readdressed[],
): Promise<void> {
  await db.query(
    `UPDATE object_version AS o SET named = string_to_array(a.named, ','), community = a.community, is_victims = a.is_victims,
            limits = a.limits::jsonb, first_said = a.first_said, seal = a.seal
       FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::text[], $8::text[], $9::bytea[])
         AS a (stix_id, version, named, community, is_victims, limits, first_said, seal)
      WHERE o.producer = $1 AND o.stix_id = a.stix_id AND o.version = a.version`,
    [
      producer,
      rows.map((row) => row.stixId),
      rows.map((row) => row.version),
      rows.map((row) => row.named?.join() ?? null),
      rows.map((row) => row.community),
      rows.map((row) => row.isVictims),
      rows.map(({ limits }) => limitsText(limits)),
      rows.map(({ firstSaid }) => firstSaid),
      rows.map(({ seal }) => seal),
    ],
  );
}

/** Where nothing is said there is nothing to keep. */
export function limitsText(limits: Limits): string | null {
  return Object.keys(limits).length === 0 ? null : JSON.stringify(limits);
}

/** Ids of what a producer states, in their order, from after one on. */
export async function selectStatedIds(
  db: Queryable,
  producer: number,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    `SELECT DISTINCT stix_id FROM object_version
      WHERE producer = $1 AND stix_id > $2 AND withdrawn_at IS NULL ORDER BY stix_id LIMIT $3`,
    [producer, after, limit],
  );
  return rows.map(({ stix_id }) => stix_id);
}

/** All versions of ids that are not withdrawn yet, as of the moment that is answered. */
export async function markWithdrawn(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>(
    `WITH marked AS (UPDATE object_version SET withdrawn_at = statement_timestamp()
                      WHERE stix_id = ANY($1) AND producer = $2 AND withdrawn_at IS NULL)
     SELECT statement_timestamp() AS at`,
    [textColumn(stixIds), producer],
  );
  const [now] = rows;
  if (now === undefined) throw new Error("the database does not tell the time");
  return now.at;
}
