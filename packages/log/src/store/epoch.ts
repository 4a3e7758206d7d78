import type { Queryable } from "@suar/runtime";

/** A log's stretch under one key. `after_seq` is the last seq before it. */
export type EpochRow = {
  epoch: string;
  after_seq: number;
  origin: string;
  vkey: string;
  restored_from: string | null;
};

const COLUMNS = "epoch, after_seq, origin, vkey, restored_from";

/** In the order in which they began. */
export async function selectEpochs(db: Queryable): Promise<EpochRow[]> {
  const { rows } = await db.query<EpochRow>(`SELECT ${COLUMNS} FROM log_epoch ORDER BY after_seq, began_at`);
  return rows;
}

export async function selectEpoch(db: Queryable, epoch: string): Promise<EpochRow | undefined> {
  const { rows } = await db.query<EpochRow>(`SELECT ${COLUMNS} FROM log_epoch WHERE epoch = $1`, [epoch]);
  return rows[0];
}

export async function insertEpoch(db: Queryable, row: EpochRow): Promise<void> {
  await db.query(
    "INSERT INTO log_epoch (epoch, after_seq, origin, vkey, restored_from) VALUES ($1, $2, $3, $4, $5)",
    [row.epoch, row.after_seq, row.origin, row.vkey, row.restored_from],
  );
}

/** Lets the log go on under another epoch's name, with one entry for nobody, which says that it was restored. */
export async function writeRestoration(
  db: Queryable,
  entry: { seq: number; at: number; leaf: Uint8Array; epoch: string; frontier: Uint8Array },
): Promise<void> {
  await db.query(
    `WITH written AS (
       INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, leaf)
       VALUES ($1, timestamptz 'epoch' + $2::double precision * interval '1 microsecond', 'restored', 0, 0, $3)
       RETURNING seq, logged_at)
     UPDATE log_head SET epoch = $4, frontier = $5, seq = written.seq, logged_at = written.logged_at FROM written`,
    [entry.seq, entry.at, entry.leaf, entry.epoch, entry.frontier],
  );
}
