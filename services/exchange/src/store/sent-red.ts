import type { ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

/** Whose TLP:RED somebody may see and take back: what was submitted by these, or by machine keys without a person. */
export type SentScope = { organisationId: number; submitters: readonly string[]; ofKeys: boolean };

/** What one submission said to one person, and what became of it; no content. */
export type SentRow = {
  submission_id: string;
  created_us: number;
  sent_at: Date;
  withdrawn_at: Date | null;
  person: string;
  inbox: string;
  organisation_id: number;
  objects: number;
  reads: number;
  read_at: Date[];
  acknowledged_at: Date | null;
  withdrawal_acknowledged_at: Date | null;
};

const MOST_READS = 100;

const IN_SCOPE = "producer = $1 AND (submitter = ANY($2) OR ($3 AND submitter LIKE 'key:%'))";

const WITH_READS = `SELECT i.submission_id, s.sent_at, (extract(epoch FROM s.sent_at) * 1000000)::bigint AS created_us,
    i.withdrawn_at, i.person, i.inbox, i.organisation_id, i.objects,
    (SELECT count(*)::int FROM inbox_read r WHERE r.item_id = i.id) AS reads,
    ARRAY(SELECT at FROM inbox_read r WHERE r.item_id = i.id ORDER BY at DESC LIMIT ${MOST_READS}) AS read_at,
    (SELECT at FROM inbox_acknowledgement a WHERE a.item_id = i.id AND NOT a.of_withdrawal) AS acknowledged_at,
    (SELECT at FROM inbox_acknowledgement a WHERE a.item_id = i.id AND a.of_withdrawal) AS withdrawal_acknowledged_at
  FROM sent s JOIN inbox_item i USING (submission_id)
 ORDER BY s.sent_at DESC, i.submission_id DESC, i.person`;

/** The newest submissions in scope after the given place, with all that each said to whom. */
export async function selectSent(
  db: Queryable,
  { organisationId, submitters, ofKeys }: SentScope,
  after: ListPlace,
  limit: number,
): Promise<SentRow[]> {
  const { rows } = await db.query<SentRow>(
    `WITH sent AS (
       SELECT submission_id, min(created_at) AS sent_at FROM inbox_item WHERE ${IN_SCOPE} GROUP BY submission_id
       HAVING (min(created_at), submission_id) < ('epoch'::timestamptz + $4 * interval '1 microsecond', $5::uuid)
        ORDER BY 2 DESC, 1 DESC LIMIT $6)
     ${WITH_READS}`,
    [organisationId, submitters, ofKeys, after.key, after.id, limit],
  );
  return rows;
}

/** Of one submission in scope; nothing of another. */
export async function selectSentOne(
  db: Queryable,
  { organisationId, submitters, ofKeys }: SentScope,
  submissionId: string,
): Promise<SentRow[]> {
  const { rows } = await db.query<SentRow>(
    `WITH sent AS (
       SELECT submission_id, min(created_at) AS sent_at FROM inbox_item
        WHERE ${IN_SCOPE} AND submission_id = $4 GROUP BY submission_id)
     ${WITH_READS}`,
    [organisationId, submitters, ofKeys, submissionId],
  );
  return rows;
}

/** Whether somebody said something of an id to people, and has not taken it back. */
export async function hasSent(
  db: Queryable,
  organisationId: number,
  submitter: string,
  stixId: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM inbox_object o JOIN inbox_item i ON i.id = o.item_id
      WHERE o.stix_id = $3 AND i.producer = $1 AND i.submitter = $2 AND i.withdrawn_at IS NULL LIMIT 1`,
    [organisationId, submitter, stixId],
  );
  return rowCount !== 0;
}

/** Submissions in scope that said something under an id; so many of the newest. */
const MOST_SENT = 100;

export async function selectSentAbout(
  db: Queryable,
  { organisationId, submitters, ofKeys }: SentScope,
  stixId: string,
): Promise<SentRow[]> {
  const { rows } = await db.query<SentRow>(
    `WITH sent AS (
       SELECT submission_id, min(created_at) AS sent_at FROM inbox_item
        WHERE ${IN_SCOPE} AND id IN (SELECT item_id FROM inbox_object WHERE stix_id = $4)
        GROUP BY submission_id ORDER BY 2 DESC LIMIT ${MOST_SENT})
     ${WITH_READS}`,
    [organisationId, submitters, ofKeys, stixId],
  );
  return rows;
}
