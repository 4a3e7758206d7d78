import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { Tlp } from "@suar/stix";
import type { Gate } from "../context/gate.ts";

const BLOCK = 1_000;

/** Rendition ids, out of blocks of a thousand that a process reserves: few releases ask the database. */
export async function renditionIds(db: Queryable, { freeIds }: Gate, count: number): Promise<number[]> {
  const missing = count - freeIds.length;
  if (missing > 0) {
    const { rows } = await db.query<{ block: number }>(
      "SELECT nextval('rendition_block') AS block FROM generate_series(1, $1)",
      [Math.ceil(missing / BLOCK)],
    );
    for (const { block } of rows) for (let at = 0; at < BLOCK; at++) freeIds.push(block * BLOCK + at);
  }
  return freeIds.splice(0, count);
}

export async function selectBodies(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, { body: string; tlp: Tlp }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; body: string; tlp: Tlp }>(
    "SELECT id, body, tlp FROM rendition WHERE id = ANY($1)",
    [ids],
  );
  return new Map(rows.map(({ id, body, tlp }) => [id, { body, tlp }]));
}

/** The version that revokes one that was sent, with its rank among the versions. */
export type RevokedVersion = { body: string; rank: number };

/** What a rendition said that is to be erased; undefined for what has no version, and is known by its content. */
export type Erased = { id: number; said: Buffer | undefined; revocation: RevokedVersion | undefined };

/** What stays of an erased rendition: `body` is `{type, id, modified}` alone. */
export type Stub = {
  id: number;
  type: string;
  tlp: string;
  pap: string | null;
  body: string;
  /** What TAXII shows in its place. */
  revocation: string | null;
};

/**
 * Takes bodies and values away from every reader at once; what stays is `{type, id, modified}` alone (DESIGN 4),
 * with the modified that readers know it by; what had none gets the withdrawal's time. The body's hash stays, so that
 * receipts of what was sent can still be had. Where a version revokes it, the sectors stay, so that the collections that
 * held it can tell.
 */
export async function eraseRenditions(
  db: Queryable,
  erased: readonly Erased[],
  withdrawnAt: string,
): Promise<void> {
  const ids = bigintColumn(erased.map(({ id }) => id));
  await db.query(
    `WITH told AS (INSERT INTO closing (rendition_id, organisation_id, why)
                   SELECT unnest($1::bigint[]), 0, '{withdrawn}')
     UPDATE rendition r SET withdrawn = true, words = NULL, own_words = NULL, said = e.said,
            sha256 = coalesce(r.sha256, sha256(convert_to(body, 'UTF8'))),
            revocation = e.revocation, revocation_rank = e.revocation_rank,
            sectors = CASE WHEN e.revocation IS NULL THEN NULL ELSE sectors END,
            body = format('{"type":%s,"id":%s,"modified":%s}', to_json(type), to_json(stix_id),
                          to_json(coalesce(body::json ->> 'modified', $3)))
       FROM unnest($1::bigint[], $2::bytea[], $4::text[], $5::bigint[]) AS e (id, said, revocation, revocation_rank)
      WHERE r.id = e.id`,
    [
      ids,
      erased.map(({ said }) => said ?? null),
      withdrawnAt,
      textColumn(erased.map(({ revocation }) => revocation?.body ?? null)),
      bigintColumn(erased.map(({ revocation }) => revocation?.rank ?? null)),
    ],
  );
  await db.query("DELETE FROM observable WHERE rendition_id = ANY($1::bigint[])", [ids]);
}

/** What is left of renditions that were erased. */
export async function selectErased(db: Queryable, ids: readonly number[]): Promise<Map<number, Stub>> {
  const { rows } = await db.query<Stub>(
    "SELECT id, type, tlp, pap, body, revocation FROM rendition WHERE id = ANY($1) AND withdrawn",
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
