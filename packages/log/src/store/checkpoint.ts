import type { Queryable } from "@suar/runtime";

/** How far checkpoints are: the last one, and the last that witnesses were asked for. Ages in milliseconds. */
type CheckpointState = {
  last: { size: number; age: number } | null;
  asked: { size: number; epoch: string; age: number; witnessed: boolean } | null;
};

/** What there is to do for a pen: envelopes, and checkpoints of what was written. */
export type Work = CheckpointState & { waiting: boolean; seq: number; epoch: string };

const AGE = (column: string) =>
  `(extract(epoch FROM clock_timestamp() - ${column}) * 1000)::double precision`;

/** Asked without the lock: an idle realm costs one cheap query and no transaction. */
export async function selectWork(db: Queryable): Promise<Work> {
  const { rows } = await db.query<Work>(
    `SELECT EXISTS (SELECT FROM unsequenced) AS waiting, seq, epoch,
            (SELECT json_build_object('size', size, 'age', ${AGE("signed_at")})
               FROM checkpoint ORDER BY size DESC LIMIT 1) AS last,
            (SELECT json_build_object('size', size, 'epoch', epoch, 'age', ${AGE("asked_at")},
                                      'witnessed', witnessed_at IS NOT NULL)
               FROM checkpoint WHERE asked_at IS NOT NULL ORDER BY asked_at DESC LIMIT 1) AS asked
       FROM log_head`,
  );
  const work = rows[0];
  if (work === undefined) throw new Error("the realm has no log");
  return work;
}

/**
 * Keeps a signed checkpoint, and forgets those that passed an hour ago and that nobody was asked to cosign. Tells how
 * long the oldest of its entries that no checkpoint covered has waited, in seconds; null where there is none.
 */
export async function insertCheckpoint(
  db: Queryable,
  { size, epoch, note }: { size: number; epoch: string; note: string },
): Promise<number | null> {
  const { rows } = await db.query<{ lag: number | null }>(
    `WITH passed AS (
       DELETE FROM checkpoint WHERE asked_at IS NULL AND signed_at < clock_timestamp() - interval '1 hour' AND size < $1)
     INSERT INTO checkpoint (size, epoch, note, signed_at) VALUES ($1, $2, $3, clock_timestamp())
     RETURNING (SELECT extract(epoch FROM clock_timestamp() - logged_at)::double precision FROM log
                 WHERE seq = 1 + coalesce((SELECT max(size) FROM checkpoint WHERE size < $1), 0)) AS lag`,
    [size, epoch, note],
  );
  return rows[0]?.lag ?? null;
}

/** Asks witnesses for the newest checkpoint. */
export async function askWitnesses(db: Queryable): Promise<void> {
  await db.query(
    `UPDATE checkpoint SET asked_at = clock_timestamp()
      WHERE size = (SELECT max(size) FROM checkpoint) AND asked_at IS NULL`,
  );
}

/** Seconds since enough members cosigned one; since the epoch began where they never did. */
export async function selectUnwitnessedFor(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ seconds: number }>(
    `SELECT extract(epoch FROM clock_timestamp() - coalesce(
              (SELECT signed_at FROM checkpoint WHERE asked_at IS NOT NULL AND witnessed_at IS NOT NULL
                ORDER BY asked_at DESC LIMIT 1),
              (SELECT max(began_at) FROM log_epoch)))::double precision AS seconds`,
  );
  return rows[0]?.seconds ?? 0;
}

/** A checkpoint as the log signed it, with the lines of those who cosigned it. */
export type CheckpointRow = { size: number; epoch: string; note: string; cosignatures: string[] };

const WITH_LINES = `size, epoch, note,
  ARRAY(SELECT line FROM cosignature s WHERE s.size = c.size ORDER BY member) AS cosignatures`;

/** Of which: the newest of all, the one that witnesses are asked for, or the newest that enough members cosigned. */
const WHICH = {
  newest: "true ORDER BY size DESC",
  asked: "asked_at IS NOT NULL ORDER BY asked_at DESC",
  witnessed: "asked_at IS NOT NULL AND witnessed_at IS NOT NULL ORDER BY asked_at DESC",
} as const;

export async function selectCheckpoint(
  db: Queryable,
  which: keyof typeof WHICH,
): Promise<CheckpointRow | undefined> {
  const { rows } = await db.query<CheckpointRow>(
    `SELECT ${WITH_LINES} FROM checkpoint c WHERE ${WHICH[which]} LIMIT 1`,
  );
  return rows[0];
}

/** The note as clients read it: cosignatures are further lines below it. */
export function noteWith({ note, cosignatures }: CheckpointRow): string {
  return note + cosignatures.join("");
}
