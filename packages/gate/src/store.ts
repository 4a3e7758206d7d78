import { createHash } from "node:crypto";
import type { Queryable } from "@suar/runtime";
import type { KnownVersion } from "./judge.ts";

/** What a producer stated before about these ids. */
export async function selectVersions(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<Map<string, KnownVersion[]>> {
  const { rows } = await db.query<KnownVersion>(
    `SELECT stix_id, version, rank, content_hash, rendition_id, audience_id, submission_id, withdrawn_at, kept_over
       FROM object_version WHERE stix_id = ANY($1) AND producer = $2`,
    [ids, producer],
  );
  const byId = new Map<string, KnownVersion[]>();
  for (const row of rows) byId.set(row.stix_id, [...(byId.get(row.stix_id) ?? []), row]);
  return byId;
}

/** One producer's releases go one after the other: what `judge` looked at stays true until the commit. */
export async function lockProducer(db: Queryable, realm: string, producer: number): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('release:' || $1), $2)", [realm, producer]);
}

const BLOCK = 1_000;

/** A source of rendition ids: blocks of a thousand, so that a batch costs one call. */
export async function renditionIds(db: Queryable, count: number): Promise<number[]> {
  const { rows } = await db.query<{ block: number }>(
    "SELECT nextval('rendition_block') AS block FROM generate_series(1, $1)",
    [Math.ceil(count / BLOCK)],
  );
  return rows
    .flatMap(({ block }) => Array.from({ length: BLOCK }, (_, index) => block * BLOCK + index))
    .slice(0, count);
}

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

export type NewVersion = {
  stixId: string;
  type: string;
  version: string;
  rank: number;
  hash: Buffer;
  tlp: string;
  renditionId: number;
  audienceId: number;
  body: string;
  words: string | null;
};

export async function insertVersions(
  db: Queryable,
  producer: number,
  submissionId: string | null,
  rows: readonly NewVersion[],
): Promise<void> {
  await db.query(
    `INSERT INTO object_version (producer, stix_id, version, rank, content_hash, rendition_id, audience_id, submission_id)
     SELECT $1, v.*, $2 FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bytea[], $7::bigint[], $8::int[]) AS v`,
    [
      producer,
      submissionId,
      rows.map((row) => row.stixId),
      rows.map((row) => row.version),
      rows.map((row) => row.rank),
      rows.map((row) => row.hash),
      rows.map((row) => row.renditionId),
      rows.map((row) => row.audienceId),
    ],
  );
}

export async function insertRenditions(
  db: Queryable,
  producer: number,
  rows: readonly NewVersion[],
): Promise<void> {
  await db.query(
    `INSERT INTO rendition (id, producer, stix_id, type, tlp, rank, body, words)
     SELECT id, $1, stix_id, type, tlp, rank, body, to_tsvector('simple', words)
       FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
         AS r (id, stix_id, type, tlp, rank, body, words)`,
    [
      producer,
      rows.map((row) => row.renditionId),
      rows.map((row) => row.stixId),
      rows.map((row) => row.type),
      rows.map((row) => row.tlp),
      rows.map((row) => row.rank),
      rows.map((row) => row.body),
      rows.map((row) => row.words),
    ],
  );
}

/** Observable values of renditions: what search looks up (never an original's values). */
export async function insertObservables(
  db: Queryable,
  keys: readonly string[],
  renditions: readonly number[],
): Promise<void> {
  if (keys.length === 0) return;
  await db.query(
    "INSERT INTO observable (key, rendition_id) SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING",
    [keys, renditions],
  );
}

export type SealedEntry = { kind: string; renditionId: number; audienceId: number; leaf: Buffer };

/** One envelope for the pen: becomes visible to it, all or nothing, when the transaction commits. */
export async function insertEnvelope(db: Queryable, entries: readonly SealedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.query("INSERT INTO unsequenced (kinds, renditions, audiences, leaves) VALUES ($1, $2, $3, $4)", [
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.renditionId),
    entries.map((entry) => entry.audienceId),
    entries.map((entry) => entry.leaf),
  ]);
}

export async function widenVersions(
  db: Queryable,
  producer: number,
  rows: readonly { stixId: string; version: string; audienceId: number }[],
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

/** Takes bodies and values away from every reader at once; what stays is `{type, id, modified}`. */
export async function eraseRenditions(
  db: Queryable,
  ids: readonly number[],
  stubs: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE rendition AS r SET withdrawn = true, words = NULL, body = s.body
       FROM unnest($1::bigint[], $2::text[]) AS s (id, body) WHERE r.id = s.id`,
    [ids, stubs],
  );
  await db.query("DELETE FROM observable WHERE rendition_id = ANY($1)", [ids]);
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
