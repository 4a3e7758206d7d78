import type { ListPlace } from "@suar/contract";
import type { Outcome } from "@suar/policy";
import { type Queryable, textColumn } from "@suar/runtime";

/** A version that waits for some readers until others agree. */
export type NewPending = {
  stixId: string;
  version: string;
  organisations: readonly number[];
  outcome: Outcome;
  decisionId: number;
  /** On whose word; where it is not said, on that of who writes. */
  word?: string | undefined;
};

export type PendingState = "pending" | "approved" | "refused" | "lapsed";

/**
 * One who agreed: who acted, on whose word, in which role, when, and, where that was said, to what as it was read. Without
 * the right seal (`approvals/sealed.ts`) it is none.
 */
export type Approval = {
  actor: string;
  word: string;
  role: string;
  at: string;
  seen?: string;
  seal?: string;
};

export type PendingRow = {
  id: string;
  producer: number;
  stix_id: string;
  version: string;
  organisations: number[];
  /** Codes of all whom the producer ever named for what it is about. */
  named: string[];
  approvers: string[];
  four_eyes: boolean;
  decision_id: number;
  asked_by: string;
  asked_at: Date;
  /** The same in microseconds. */
  created_us: number;
  deadline: Date;
  state: PendingState;
  approvals: Approval[];
  settled_at: Date | null;
  settled_by: string | null;
  reason: string | null;
};

const HOUR_MS = 3_600_000;

/**
 * Asks, for those for whom nobody was asked before: what was refused is not asked again, and what lapsed is. `asked` holds
 * what is asked of whom: the same outcome once.
 */
export async function insertPending(
  db: Queryable,
  { producer, word, now }: { producer: number; word: string; now: number },
  rows: readonly NewPending[],
): Promise<void> {
  await db.query(
    `INSERT INTO pending_release (producer, stix_id, version, organisations, approvers, four_eyes, decision_id, asked_by, deadline)
     SELECT $1, stix_id, version, organisations, approvers, four_eyes, decision_id, coalesce(word, $2), deadline
       FROM (SELECT stix_id, version, string_to_array(approvers, ',') AS approvers, four_eyes, decision_id, deadline, word,
                    ARRAY(SELECT o FROM unnest(string_to_array(asked, ',')::int[]) AS o
                           WHERE NOT EXISTS (SELECT FROM pending_release p
                                              WHERE p.stix_id = n.stix_id AND p.producer = $1 AND p.version = n.version
                                                AND p.decision_id = n.decision_id AND p.state IN ('pending', 'refused')
                                                AND o = ANY (p.organisations))) AS organisations
               FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::int[], $9::timestamptz[],
                           $10::text[])
                 AS n (stix_id, version, asked, approvers, four_eyes, decision_id, deadline, word)) AS a
      WHERE cardinality(organisations) > 0`,
    [
      producer,
      word,
      rows.map((row) => row.stixId),
      rows.map((row) => row.version),
      rows.map((row) => row.organisations.join()),
      rows.map((row) => row.outcome.approvers.join()),
      rows.map((row) => row.outcome.fourEyes),
      rows.map((row) => row.decisionId),
      rows.map((row) => new Date(now + (row.outcome.deadlineHours ?? LONGEST_HOURS) * HOUR_MS).toISOString()),
      rows.map((row) => row.word ?? null),
    ],
  );
}

/** As long as any policy may have others wait (`deadlineHours`). */
const LONGEST_HOURS = 720;

const NAMED = `ARRAY(SELECT DISTINCT code FROM object_version o, unnest(o.named) AS code
  WHERE o.stix_id = pending_release.stix_id AND o.producer = pending_release.producer)`;
const ROW = `id, producer, stix_id, version, organisations, ${NAMED} AS named, approvers, four_eyes, decision_id, asked_by, asked_at,
  (extract(epoch FROM asked_at) * 1000000)::bigint AS created_us, deadline, state, approvals, settled_at, settled_by, reason`;

export type PendingQuery = {
  id?: string | undefined;
  /** Whom it is asked by now: of another member than the producer's once the producer's have agreed. */
  approver?: string | undefined;
  producer?: number | undefined;
  state?: PendingState | undefined;
  /** Of these objects alone. */
  stixIds?: readonly string[] | undefined;
  /** Asked after this moment, in microseconds, and, at the same moment, with a later id. */
  after?: ListPlace | undefined;
  limit: number;
};

/** Where an approver and a producer are given, what either has a part in. */
export async function selectPending(
  db: Queryable,
  { id, approver, producer, state, stixIds, after, limit }: PendingQuery,
): Promise<PendingRow[]> {
  const { rows } = await db.query<PendingRow>(
    `SELECT ${ROW} FROM pending_release
      WHERE (($1::text IS NULL AND $2::int IS NULL) OR producer = $2
             OR $1 = ANY (approvers)
                AND EXISTS (SELECT FROM asked_officer a WHERE a.pending_id = pending_release.id AND a.approver = $1))
        AND ($8::uuid IS NULL OR id = $8) AND ($3::text IS NULL OR state = $3) AND ($7::text[] IS NULL OR stix_id = ANY ($7))
        AND ($4::bigint IS NULL OR (asked_at, id) > ('epoch'::timestamptz + $4 * interval '1 microsecond', $5::uuid))
      ORDER BY asked_at, id LIMIT $6`,
    [
      approver ?? null,
      producer ?? null,
      state ?? null,
      after?.key ?? null,
      after?.id ?? null,
      limit,
      stixIds ?? null,
      id ?? null,
    ],
  );
  return rows;
}

/** For those of these that lapsed: later requests for the same version and some of the same recipients. */
export async function selectAskedAnew(db: Queryable, ids: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ id: string; later: string[] }>(
    `SELECT o.id, array_agg(n.id::text ORDER BY n.asked_at, n.id) AS later
       FROM pending_release o
       JOIN pending_release n ON n.stix_id = o.stix_id AND n.producer = o.producer AND n.version = o.version
                             AND n.asked_at > o.asked_at AND n.organisations && o.organisations
      WHERE o.id = ANY ($1) AND o.state = 'lapsed' GROUP BY o.id`,
    [ids],
  );
  return new Map(rows.map(({ id, later }) => [id, later]));
}

/** Not against who refers to it: whoever notes that it was told of does so before it waits for the producer. */
export async function lockPending(db: Queryable, id: string): Promise<PendingRow | undefined> {
  const { rows } = await db.query<PendingRow>(
    `SELECT ${ROW} FROM pending_release WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  return rows[0];
}

/** Whether an approver's officers are asked by now. */
export async function selectIsAsked(db: Queryable, id: string, approver: string): Promise<boolean> {
  const { rowCount } = await db.query("SELECT FROM asked_officer WHERE pending_id = $1 AND approver = $2", [
    id,
    approver,
  ]);
  return rowCount === 1;
}

/** On whose word the version was submitted, whoever asked since; undefined where it was not. */
export async function selectSubmitter(
  db: Queryable,
  { producer, stix_id, version }: Pick<PendingRow, "producer" | "stix_id" | "version">,
): Promise<string | undefined> {
  const { rows } = await db.query<{ word: string }>(
    `SELECT coalesce(s.word, s.actor) AS word FROM object_version v JOIN submission s ON s.id = v.submission_id
      WHERE v.stix_id = $1 AND v.producer = $2 AND v.version = $3`,
    [stix_id, producer, version],
  );
  return rows[0]?.word;
}

export async function noteApproval(db: Queryable, id: string, approval: Approval): Promise<void> {
  await db.query("UPDATE pending_release SET approvals = approvals || $2::jsonb WHERE id = $1", [
    id,
    JSON.stringify([approval]),
  ]);
}

/** How somebody ended a request; `seal`: that it was let go (`approvals/sealed.ts`). */
type Settled = { by: string; reason: string | null } & (
  | { state: "approved"; seal: string }
  | { state: "refused" | "lapsed"; seal?: undefined }
);

export async function settlePending(
  db: Queryable,
  id: string,
  { state, by, reason, seal }: Settled,
): Promise<void> {
  await db.query(
    `UPDATE pending_release SET state = $2, settled_at = clock_timestamp(), settled_by = $3, reason = $4, settled_seal = $5
      WHERE id = $1 AND state = 'pending'`,
    [id, state, by, reason, seal ?? null],
  );
}

export type ApprovedRow = Pick<
  PendingRow,
  | "id"
  | "producer"
  | "stix_id"
  | "version"
  | "organisations"
  | "approvers"
  | "four_eyes"
  | "decision_id"
  | "approvals"
> & { settled_seal: string | null };

/** What others have agreed to of versions, as far as the rows say: who uses it looks at their seals. */
export async function selectApproved(
  db: Queryable,
  producer: number,
  places: readonly { stixId: string; version: string }[],
): Promise<ApprovedRow[]> {
  const { rows } = await db.query<ApprovedRow>(
    `SELECT id, producer, stix_id, version, organisations, approvers, four_eyes, decision_id, approvals,
            settled_seal FROM pending_release
      WHERE stix_id = ANY ($1) AND (stix_id, version) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        AND producer = $3 AND state = 'approved'
      ORDER BY asked_at, id`,
    [
      textColumn(places.map(({ stixId }) => stixId)),
      textColumn(places.map(({ version }) => version)),
      producer,
    ],
  );
  return rows;
}

/** Of what was approved before that was sealed, once the log has shown it. */
export async function sealSettled(db: Queryable, id: string, seal: string): Promise<void> {
  await db.query(
    "UPDATE pending_release SET settled_seal = $2 WHERE id = $1 AND state = 'approved' AND settled_seal IS NULL",
    [id, seal],
  );
}

/** An entry of a version, and the decision by which it went out. */
export type DecidedEntry = { stix_id: string; version: string; seq: number; body: string };

/** Entries of versions that went out since somebody agreed. */
export async function selectAgreedEntries(
  db: Queryable,
  producer: number,
  places: readonly Pick<PendingRow, "stix_id" | "version">[],
): Promise<DecidedEntry[]> {
  const { rows } = await db.query<DecidedEntry>(
    `SELECT v.stix_id, v.version, l.seq, d.body
       FROM object_version v JOIN log l ON l.rendition_id = ANY (array_append(v.copies, v.rendition_id))
       JOIN decision d ON d.id = l.decision_id
      WHERE v.stix_id = ANY ($1) AND (v.stix_id, v.version) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        AND v.producer = $3 AND l.kind <> 'withdrawn' AND d.body LIKE '%"approvals":[%' ORDER BY l.seq`,
    [
      textColumn(places.map(({ stix_id }) => stix_id)),
      textColumn(places.map(({ version }) => version)),
      producer,
    ],
  );
  return rows;
}

/** Nobody is asked about what its originator took back. */
export async function lapseWithdrawn(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE pending_release SET state = 'lapsed', settled_at = clock_timestamp(), reason = 'withdrawn'
      WHERE stix_id = ANY($1) AND producer = $2 AND state = 'pending'`,
    [textColumn(stixIds), producer],
  );
}

/** As many as one statement lapses. */
const LAPSED_AT_ONCE = 500;

/** Some of those whose time is over; whoever settles one at this moment is not waited for. */
export async function lapsePending(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `UPDATE pending_release SET state = 'lapsed', settled_at = clock_timestamp()
      WHERE id IN (SELECT id FROM pending_release WHERE state = 'pending' AND deadline <= clock_timestamp()
                    ORDER BY deadline LIMIT ${LAPSED_AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING id`,
  );
  return rows.map(({ id }) => id);
}
