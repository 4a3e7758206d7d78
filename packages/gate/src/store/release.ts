import { bigintColumn, byteaColumn, type PoolClient, type Queryable, textColumn } from "@suar/runtime";
import type { NewVersion } from "./version.ts";

/** An entry as the pen will write it; `leaf` is what its leaf will be made of. */
export type SealedEntry = { kind: string; renditionId: number; audienceId: number; leaf: Buffer };

/** What readers can reach of a version, and what finds it. */
export type NewRendition = {
  id: number;
  /** The id that it bears. */
  stixId: string;
  type: string;
  tlp: string;
  pap: string | null;
  rank: number;
  body: string;
  words: string | null;
  /** Canonical observable keys. */
  keys: readonly string[];
  /** Sectors in lower case, a line each. */
  sectors: string | null;
};

/** Writes renditions with their observable values: what is large of a release, and known to nobody yet. */
export async function insertRenditions(
  db: Queryable,
  producer: number,
  renditions: readonly NewRendition[],
): Promise<void> {
  if (renditions.length === 0) return;
  await db.query(
    `WITH renditions AS (
            INSERT INTO rendition (id, producer, stix_id, type, tlp, rank, body, words, sectors, pap)
            SELECT id, $1, stix_id, type, tlp, rank, body, to_tsvector('simple', words), string_to_array(sectors, E'\\n'), pap
              FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[])
                AS r (id, stix_id, type, tlp, rank, body, words, sectors, pap))
     INSERT INTO observable (key, rendition_id) SELECT * FROM unnest($11::text[], $12::bigint[])`,
    [
      producer,
      bigintColumn(renditions.map((row) => row.id)),
      textColumn(renditions.map((row) => row.stixId)),
      textColumn(renditions.map((row) => row.type)),
      textColumn(renditions.map((row) => row.tlp)),
      bigintColumn(renditions.map((row) => row.rank)),
      textColumn(renditions.map((row) => row.body)),
      textColumn(renditions.map((row) => row.words)),
      textColumn(renditions.map((row) => row.sectors)),
      textColumn(renditions.map((row) => row.pap)),
      textColumn(renditions.flatMap(({ keys }) => keys)),
      bigintColumn(renditions.flatMap(({ keys, id }) => keys.map(() => id))),
    ],
  );
}

/** Forgets the renditions that a transaction wrote for nothing, and every lock that it took since. */
export async function renditionsOrNothing(db: PoolClient): Promise<{ undo(): Promise<void> }> {
  await db.query("SAVEPOINT renditions");
  return {
    undo: async () => {
      await db.query("ROLLBACK TO SAVEPOINT renditions");
    },
  };
}

/** Writes the versions and the envelope of their entries. The envelope's number; undefined without entries. */
export async function insertVersions(
  db: Queryable,
  producer: number,
  submissionId: string | null,
  versions: readonly NewVersion[],
  entries: readonly SealedEntry[],
): Promise<number | undefined> {
  if (versions.length === 0) return await insertEnvelope(db, entries);
  const { rows } = await db.query<{ batch: number }>(
    `WITH versions AS (
            INSERT INTO object_version (producer, submission_id, stix_id, version, rank, content_hash, rendition_id, audience_id, creator, created, revoked)
            SELECT $5, $6, * FROM unnest($7::text[], $8::text[], $9::bigint[], $10::bytea[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::boolean[]))
     ${INSERT_ENVELOPE}`,
    [
      ...columnsOf(entries),
      producer,
      submissionId,
      textColumn(versions.map((row) => row.stixId)),
      textColumn(versions.map((row) => row.version)),
      bigintColumn(versions.map((row) => row.rank)),
      byteaColumn(versions.map((row) => row.hash)),
      bigintColumn(versions.map((row) => row.renditionId)),
      bigintColumn(versions.map((row) => row.audienceId)),
      textColumn(versions.map((row) => row.creator)),
      textColumn(versions.map((row) => row.created)),
      versions.map((row) => row.revoked),
    ],
  );
  return rows[0]?.batch;
}

/**
 * One envelope for the pen, which sees it, all or nothing, when the transaction commits. Its number; undefined
 * when there are no entries.
 */
export async function insertEnvelope(
  db: Queryable,
  entries: readonly SealedEntry[],
): Promise<number | undefined> {
  if (entries.length === 0) return undefined;
  const { rows } = await db.query<{ batch: number }>(INSERT_ENVELOPE, columnsOf(entries));
  return rows[0]?.batch;
}

const INSERT_ENVELOPE = `INSERT INTO unsequenced (kinds, renditions, audiences, leaves)
     VALUES ($1, $2, $3::bigint[]::int[], $4) RETURNING batch`;

function columnsOf(entries: readonly SealedEntry[]): Buffer[] {
  return [
    textColumn(entries.map((entry) => entry.kind)),
    bigintColumn(entries.map((entry) => entry.renditionId)),
    bigintColumn(entries.map((entry) => entry.audienceId)),
    byteaColumn(entries.map((entry) => entry.leaf)),
  ];
}
