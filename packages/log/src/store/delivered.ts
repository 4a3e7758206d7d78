import { bigintColumn, type Queryable, textColumn } from "@suar/runtime";
import type { PendingBlock } from "../delivered/delivery-notes.ts";
import { BLOCK, parseTimes } from "../delivered/delivery-times.ts";

type Key = Pick<PendingBlock, "block" | "organisationId" | "channel">;

/** Rows to merge into, so that two processes never write the same one for the first time over each other. */
export async function insertMissingBlocks(db: Queryable, keys: readonly Key[]): Promise<void> {
  await db.query(
    `INSERT INTO delivered (block, organisation_id, channel)
     SELECT * FROM unnest($1::bigint[], $2::bigint[]::int[], $3::text[]) ON CONFLICT DO NOTHING`,
    columnsOf(keys),
  );
}

/** Locks them, in the order in which everybody does. The times of each, by `keyOf`. */
export async function lockBlocks(db: Queryable, keys: readonly Key[]): Promise<Map<string, Buffer>> {
  const { rows } = await db.query<{
    block: number;
    organisation_id: number;
    channel: PendingBlock["channel"];
    times: Buffer;
  }>(
    `SELECT d.block, d.organisation_id, d.channel, d.times FROM delivered d
       JOIN unnest($1::bigint[], $2::bigint[]::int[], $3::text[]) AS k (block, organisation_id, channel)
         USING (block, organisation_id, channel)
      ORDER BY block, organisation_id, channel COLLATE "C" FOR UPDATE OF d`,
    columnsOf(keys),
  );
  return new Map(
    rows.map(({ block, organisation_id: organisationId, channel, times }) => [
      keyOf({ block, organisationId, channel }),
      times,
    ]),
  );
}

export function keyOf({ block, organisationId, channel }: Key): string {
  return `${block} ${organisationId} ${channel}`;
}

export async function updateBlocks(
  db: Queryable,
  blocks: readonly (Key & { stored: Buffer })[],
): Promise<void> {
  await db.query(
    `UPDATE delivered d SET times = k.times
       FROM unnest($1::bigint[], $2::bigint[]::int[], $3::text[], $4::bytea[]) AS k (block, organisation_id, channel, times)
      WHERE d.block = k.block AND d.organisation_id = k.organisation_id AND d.channel = k.channel`,
    [...columnsOf(blocks), blocks.map(({ stored }) => stored)],
  );
}

function columnsOf(keys: readonly Key[]): Buffer[] {
  return [
    bigintColumn(keys.map(({ block }) => block)),
    bigintColumn(keys.map(({ organisationId }) => organisationId)),
    textColumn(keys.map(({ channel }) => channel)),
  ];
}

/** What was handed to one organisation by one channel in one block of the log. */
export type BlockTimes = { block: number; channel: string; times: Buffer };

/** Of the first blocks from one on in which anything was. */
export async function selectBlocksTo(
  db: Queryable,
  organisationId: number,
  { from, most }: { from: number; most: number },
): Promise<BlockTimes[]> {
  const { rows } = await db.query<BlockTimes>(
    `SELECT block, channel, times FROM delivered
      WHERE organisation_id = $1 AND block IN (SELECT DISTINCT block FROM delivered
                                                WHERE organisation_id = $1 AND block >= $2 ORDER BY block LIMIT $3)
      ORDER BY block, channel`,
    [organisationId, from, most],
  );
  return rows;
}

/** That an entry was handed to an organisation by a channel, and when first and last. */
export type Delivered = { seq: number; organisationId: number; channel: string; first: Date; last: Date };

/** What became of such entries, as far as it is written. */
export async function selectDelivered(db: Queryable, seqs: readonly number[]): Promise<Delivered[]> {
  const { rows } = await db.query<{ seq: number; organisation_id: number; channel: string; bytes: Buffer }>(
    `SELECT s.seq, d.organisation_id, d.channel,
            substring(d.times FROM (8 * (s.seq % ${BLOCK}) + 1)::integer FOR 8) AS bytes
       FROM unnest($1::bigint[]) AS s (seq) JOIN delivered d ON d.block = s.seq / ${BLOCK}
      ORDER BY s.seq, d.organisation_id, d.channel`,
    [bigintColumn(seqs)],
  );
  return rows.flatMap(({ seq, organisation_id: organisationId, channel, bytes }) => {
    const times = parseTimes(bytes);
    return times === undefined ? [] : [{ seq, organisationId, channel, ...times }];
  });
}
