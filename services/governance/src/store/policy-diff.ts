import type { PolicyDiff } from "@suar/contract";
import type { ReplaySoFar } from "@suar/gate";
import type { Queryable } from "@suar/runtime";

/** Whose diff, and of which policy: its hash in hex. */
export type DiffName = { hash: string; member: string };

export type DiffRow = {
  done: number;
  total: number;
  finished_at: Date | null;
  /** Of this run or, while it is under way, of the one before. */
  result: PolicyDiff | null;
};

export async function selectDiff(db: Queryable, { hash, member }: DiffName): Promise<DiffRow | undefined> {
  const { rows } = await db.query<DiffRow>(
    "SELECT done, total, finished_at, result FROM policy_diff WHERE policy_hash = decode($1, 'hex') AND member = $2",
    [hash, member],
  );
  return rows[0];
}

/** Of these members, those whose diff of a policy is there. */
export async function selectDiffed(
  db: Queryable,
  hash: string,
  members: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ member: string }>(
    "SELECT member FROM policy_diff WHERE policy_hash = decode($1, 'hex') AND member = ANY ($2) AND result IS NOT NULL",
    [hash, members],
  );
  return rows.map(({ member }) => member);
}

/** Whose diffs of a proposed policy are begun, or there. */
export async function selectProposedDiffs(db: Queryable, hash: string): Promise<string[]> {
  const { rows } = await db.query<{ member: string }>(
    "SELECT member FROM policy_diff WHERE policy_hash = decode($1, 'hex') AND is_proposed",
    [hash],
  );
  return rows.map(({ member }) => member);
}

/** Hashes of all that were proposed. */
export async function selectProposedHashes(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ hash: string }>(
    "SELECT DISTINCT encode(policy_hash, 'hex') AS hash FROM policy_diff WHERE is_proposed",
  );
  return rows.map(({ hash }) => hash);
}

export async function deleteProposedDiffs(db: Queryable, hashes: readonly string[]): Promise<void> {
  await db.query(
    "DELETE FROM policy_diff WHERE is_proposed AND encode(policy_hash, 'hex') = ANY ($1::text[])",
    [hashes],
  );
}

export async function countUnderWay(db: Queryable, member: string): Promise<number> {
  const { rows } = await db.query<{ many: number }>(
    "SELECT count(*)::int AS many FROM policy_diff WHERE member = $1 AND finished_at IS NULL",
    [member],
  );
  return rows[0]?.many ?? 0;
}

/**
 * `again`: one that has ended begins anew; else it stands. What is under way is left to go on. What a draft's told before
 * that is nothing that a proposal could be signed by.
 */
export type NewDiff = DiffName & { policy: string; isProposed: boolean; again: boolean };

const DAYS = 90;

export async function beginDiff(
  db: Queryable,
  { hash, member, policy, isProposed, again }: NewDiff,
): Promise<void> {
  await db.query(
    `INSERT INTO policy_diff AS d (policy_hash, member, policy, is_proposed, since, until)
     VALUES (decode($1, 'hex'), $2, $3, $4, now() - make_interval(hours => 24 * $6), now())
     ON CONFLICT (policy_hash, member) DO UPDATE
        SET is_proposed = d.is_proposed OR excluded.is_proposed,
            since = CASE WHEN $5 AND d.finished_at IS NOT NULL THEN excluded.since ELSE d.since END,
            until = CASE WHEN $5 AND d.finished_at IS NOT NULL THEN excluded.until ELSE d.until END,
            done = CASE WHEN $5 AND d.finished_at IS NOT NULL THEN 0 ELSE d.done END,
            failures = CASE WHEN $5 AND d.finished_at IS NOT NULL THEN 0 ELSE d.failures END,
            result = CASE WHEN excluded.is_proposed AND NOT d.is_proposed AND ($5 OR d.finished_at IS NULL) THEN NULL
                          ELSE d.result END,
            finished_at = CASE WHEN $5 THEN NULL ELSE d.finished_at END`,
    [hash, member, policy, isProposed, again, DAYS],
  );
}

export type ClaimedDiff = DiffName & {
  policy: string;
  since: Date;
  until: Date;
  so_far: ReplaySoFar | null;
  fence: number;
  failures: number;
};

/** The one that waited longest, for as long as the lease holds; undefined where there is nothing to do. */
export async function claimDiff(db: Queryable, leaseSeconds: number): Promise<ClaimedDiff | undefined> {
  const { rows } = await db.query<ClaimedDiff>(
    `UPDATE policy_diff SET leased_until = clock_timestamp() + $1 * interval '1 second', fence = fence + 1
      WHERE (policy_hash, member) = (SELECT policy_hash, member FROM policy_diff
                                      WHERE finished_at IS NULL AND leased_until < clock_timestamp()
                                      ORDER BY paged_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING encode(policy_hash, 'hex') AS hash, member, policy, since, until, so_far, fence, failures`,
    [leaseSeconds],
  );
  return rows[0];
}

type Taken = DiffName & { fence: number };

/** False where another process has taken it over. */
export async function keepPage(
  db: Queryable,
  { hash, member, fence }: Taken,
  { soFar, done, total }: { soFar: ReplaySoFar; done: number; total: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE policy_diff SET so_far = $4, done = $5, total = $6, failures = 0, paged_at = clock_timestamp(),
            leased_until = '-infinity'
      WHERE policy_hash = decode($1, 'hex') AND member = $2 AND fence = $3`,
    [hash, member, fence, JSON.stringify(soFar), done, total],
  );
  return rowCount === 1;
}

export async function finishDiff(
  db: Queryable,
  { hash, member, fence }: Taken,
  result: PolicyDiff,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE policy_diff SET so_far = NULL, done = total, result = $4, finished_at = clock_timestamp(),
            leased_until = '-infinity'
      WHERE policy_hash = decode($1, 'hex') AND member = $2 AND fence = $3`,
    [hash, member, fence, JSON.stringify(result)],
  );
  return rowCount === 1;
}

/** Tried again after a while, from the last page that was kept; after so many times in a row no more, and then there is none. */
export async function noteFailure(
  db: Queryable,
  { hash, member, fence }: Taken,
  { waitSeconds, most }: { waitSeconds: number; most: number },
): Promise<void> {
  await db.query(
    `UPDATE policy_diff SET failures = failures + 1, leased_until = clock_timestamp() + $4 * interval '1 second',
            so_far = CASE WHEN failures + 1 >= $5 THEN NULL ELSE so_far END,
            result = CASE WHEN failures + 1 < $5 THEN result END,
            finished_at = CASE WHEN failures + 1 >= $5 THEN clock_timestamp() END
      WHERE policy_hash = decode($1, 'hex') AND member = $2 AND fence = $3`,
    [hash, member, fence, waitSeconds, most],
  );
}

/** Of drafts. */
export async function deleteOldDiffs(db: Queryable): Promise<void> {
  await db.query(
    "DELETE FROM policy_diff WHERE NOT is_proposed AND finished_at < clock_timestamp() - interval '7 days'",
  );
}
