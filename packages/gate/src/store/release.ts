import {
  bigintColumn,
  byteaColumn,
  type PoolClient,
  type Queryable,
  sparseBigintColumn,
  sparseTextColumn,
  textColumn,
} from "@suar/runtime";
import { keySaidBy } from "@suar/stix";
import { FORM } from "../entry/stated.ts";
import { limitsText, type NewVersion } from "./version.ts";

/** An entry as the pen will write it; `leaf` is what its leaf will be made of. */
export type SealedEntry = {
  kind: string;
  renditionId: number;
  audienceId: number;
  /** Of a withdrawal, why; null of what is said to people, of which nothing is kept. */
  decisionId: number | null;
  leaf: Uint8Array;
};

/**
 * A canonical observable key, how many renditions with the next ids hold the same, and all to whom these go: nobody else
 * comes by the row.
 */
type NewKey = { key: string; also: number; audienceId: number };

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
  /** Of so many renditions with the next ids those that have no text of their own have their words in this row. */
  also: number;
  /** Its text, where it has other words than the whole rendition of its version. */
  ownWords: string | null;
  keys: NewKey[];
  /** Sectors in lower case, a line each. */
  sectors: string | null;
  /** Of a copy: the whole rendition of its version, its view's hash, and all that have it. */
  copyOf: number | null;
  view: string | null;
  audienceId: number | null;
};

/**
 * Writes renditions with their observable values: what is large of a release, and known to nobody yet. Columns are
 * unnested side by side in a list of results: each as a table of its own would be stored before it is read.
 */
export async function insertRenditions(
  db: Queryable,
  producer: number,
  renditions: readonly NewRendition[],
): Promise<void> {
  if (renditions.length === 0) return;
  const keys = renditions.flatMap(({ id, keys }) =>
    keys.flatMap((one) => {
      const bySayer = keySaidBy(one.key, producer);
      return bySayer === undefined
        ? [{ id, ...one }]
        : [
            { id, ...one },
            { id, ...one, key: bySayer },
          ];
    }),
  );
  await db.query(
    `WITH renditions AS (
            INSERT INTO rendition (id, producer, stix_id, type, tlp, pap, rank, body, words, also, own_words, sectors, copy_of,
                                   view, audience_id)
            SELECT id, $1, stix_id, type, tlp, pap, rank, body, to_tsvector('simple', words), also, own_words,
                   string_to_array(sectors, E'\\n'), copy_of, decode(view, 'hex'), audience_id
              FROM (SELECT unnest($2::bigint[]) AS id, unnest($3::text[]) AS stix_id, unnest($4::text[]) AS type,
                           unnest($5::text[]) AS tlp, unnest($6::bigint[]) AS rank, unnest($7::text[]) AS body,
                           unnest($8::text[]) AS words, unnest($9::bigint[]) AS also, unnest($10::text[]) AS sectors,
                           unnest($11::bigint[]) AS copy_of, unnest($12::text[]) AS view,
                           unnest($13::bigint[]) AS audience_id, unnest($14::text[]) AS pap,
                           unnest($15::text[]) AS own_words) r)
     INSERT INTO observable (key, rendition_id, also, audience_id)
     SELECT unnest($16::text[]), unnest($17::bigint[]), unnest($18::bigint[]), unnest($19::bigint[])`,
    [
      producer,
      bigintColumn(renditions.map((row) => row.id)),
      textColumn(renditions.map((row) => row.stixId)),
      textColumn(renditions.map((row) => row.type)),
      textColumn(renditions.map((row) => row.tlp)),
      bigintColumn(renditions.map((row) => row.rank)),
      textColumn(renditions.map((row) => row.body)),
      sparseTextColumn(renditions.map((row) => row.words)),
      bigintColumn(renditions.map((row) => row.also)),
      sparseTextColumn(renditions.map((row) => row.sectors)),
      sparseBigintColumn(renditions.map((row) => row.copyOf)),
      sparseTextColumn(renditions.map((row) => row.view)),
      sparseBigintColumn(renditions.map((row) => row.audienceId)),
      sparseTextColumn(renditions.map((row) => row.pap)),
      sparseTextColumn(renditions.map((row) => row.ownWords)),
      textColumn(keys.map(({ key }) => key)),
      bigintColumn(keys.map(({ id }) => id)),
      bigintColumn(keys.map(({ also }) => also)),
      bigintColumn(keys.map(({ audienceId }) => audienceId)),
    ],
  );
}

/** A rendition that was there before, and goes to more by now. */
export type AddressedKeys = { renditionId: number; audienceId: number };

/** Its keys are found by these, too. A row may stand for copies with the next ids (the gate's MOST_VIEWS). */
export async function addressKeys(db: Queryable, rows: readonly AddressedKeys[]): Promise<void> {
  await db.query(
    `INSERT INTO observable (key, rendition_id, audience_id)
     SELECT DISTINCT o.key, a.rendition_id, a.audience_id
       FROM (SELECT unnest($1::bigint[]) AS rendition_id, unnest($2::bigint[])::int AS audience_id) a
       JOIN observable o ON o.rendition_id BETWEEN a.rendition_id - 16 AND a.rendition_id
                        AND o.rendition_id + o.also >= a.rendition_id
     ON CONFLICT DO NOTHING`,
    [
      bigintColumn(rows.map(({ renditionId }) => renditionId)),
      bigintColumn(rows.map(({ audienceId }) => audienceId)),
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

/** Writes the versions and the envelope of their entries. The number of the last envelope; undefined without entries. */
export async function insertVersions(
  db: Queryable,
  producer: number,
  submissionId: string | null,
  versions: readonly NewVersion[],
  entries: readonly SealedEntry[],
): Promise<number | undefined> {
  if (versions.length === 0) return await insertEnvelope(db, entries);
  const first = entries.slice(0, MOST_SEALED);
  const { rows } = await db.query<{ batch: number }>(
    `WITH versions AS (
            INSERT INTO object_version (producer, submission_id, stix_id, version, rank, content_hash, rendition_id, audience_id,
                                        creator, created, revoked, copies, named, community, is_victims, kind, limits, form)
            SELECT $6, $7, stix_id, version, rank, content_hash, rendition_id, audience_id, creator, created, revoked,
                   string_to_array(copies, ',')::bigint[], string_to_array(named, ','), community, is_victims, kind,
                   limits::jsonb, ${FORM}
              FROM (SELECT unnest($8::text[]) AS stix_id, unnest($9::text[]) AS version, unnest($10::bigint[]) AS rank,
                           unnest($11::bytea[]) AS content_hash, unnest($12::bigint[]) AS rendition_id,
                           unnest($13::bigint[]) AS audience_id, unnest($14::text[]) AS creator, unnest($15::text[]) AS created,
                           unnest($16::bigint[]) = 1 AS revoked, unnest($17::text[]) AS copies, unnest($18::text[]) AS named,
                           unnest($19::bigint[]) = 1 AS community, unnest($20::bigint[]) = 1 AS is_victims,
                           unnest($21::text[]) AS kind, unnest($22::text[]) AS limits) v)
     ${INSERT_ENVELOPE}`,
    [
      ...columnsOf(first),
      producer,
      submissionId,
      textColumn(versions.map((row) => row.stixId)),
      textColumn(versions.map((row) => row.version)),
      bigintColumn(versions.map((row) => row.rank)),
      byteaColumn(versions.map((row) => row.hash)),
      bigintColumn(versions.map((row) => row.renditionId)),
      bigintColumn(versions.map((row) => row.audienceId)),
      sparseTextColumn(versions.map((row) => row.creator)),
      sparseTextColumn(versions.map((row) => row.created)),
      bigintColumn(versions.map((row) => Number(row.revoked))),
      sparseTextColumn(versions.map((row) => listText(row.copies))),
      sparseTextColumn(versions.map((row) => listText(row.named))),
      bigintColumn(versions.map((row) => Number(row.community))),
      bigintColumn(versions.map((row) => Number(row.isVictims))),
      textColumn(versions.map((row) => row.kind)),
      sparseTextColumn(versions.map((row) => limitsText(row.limits))),
    ],
  );
  return (await insertEnvelope(db, entries.slice(MOST_SEALED))) ?? rows[0]?.batch;
}

/** The pen takes whole envelopes while all other writers of the log wait for it: none is of more entries. */
const MOST_SEALED = 2_000;

/**
 * An envelope for the pen, which sees it, all or nothing, when the transaction commits; of very many entries several, which
 * it takes in this order. The number of the last; undefined when there are no entries.
 */
export async function insertEnvelope(
  db: Queryable,
  entries: readonly SealedEntry[],
): Promise<number | undefined> {
  let batch: number | undefined;
  for (let from = 0; from < entries.length; from += MOST_SEALED) {
    const some = entries.slice(from, from + MOST_SEALED);
    const { rows } = await db.query<{ batch: number }>(INSERT_ENVELOPE, columnsOf(some));
    batch = rows[0]?.batch;
  }
  return batch;
}

/** Lists of lists do not unnest, so that each comes as one text. */
function listText(list: readonly (string | number)[] | null): string | null {
  return list === null || list.length === 0 ? null : list.join();
}

const INSERT_ENVELOPE = `INSERT INTO unsequenced (kinds, renditions, audiences, leaves, decisions)
     VALUES ($1, $2, $3::bigint[]::int[], $4, $5::bigint[]::int[]) RETURNING batch`;

function columnsOf(entries: readonly SealedEntry[]): Buffer[] {
  return [
    textColumn(entries.map((entry) => entry.kind)),
    bigintColumn(entries.map((entry) => entry.renditionId)),
    bigintColumn(entries.map((entry) => entry.audienceId)),
    byteaColumn(entries.map((entry) => entry.leaf)),
    bigintColumn(entries.map((entry) => entry.decisionId)),
  ];
}
