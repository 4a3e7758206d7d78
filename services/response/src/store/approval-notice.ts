import type { PendingState } from "@suar/gate";
import type { Queryable } from "@suar/runtime";

/** 1: it waits; 2: half of the time is over; 3: it is settled. */
export type NoticeStage = 1 | 2 | 3;

/**
 * Who is to be told what by now, and was not told as much: offices whose officers are asked and have not agreed; the
 * producer, of what became of it; where it lapsed, also those who were asked.
 */
const DUE = `(
  SELECT p.id AS pending_id, d.id AS organisation_id,
         (CASE WHEN p.asked_at + (p.deadline - p.asked_at) / 2 <= now() THEN 2 ELSE 1 END)::smallint AS stage
    FROM pending_release p JOIN asked_officer a ON a.pending_id = p.id
    JOIN core.directory d ON d.code = left(a.approver, 2)
   WHERE p.state = 'pending' AND p.deadline > now() AND NOT a.has_agreed
   UNION
  SELECT p.id, d.id, 3::smallint
    FROM pending_release p JOIN core.directory d ON d.id = p.producer
   WHERE p.state <> 'pending' AND p.settled_at > now() - interval '90 days'
   UNION
  SELECT p.id, d.id, 3::smallint
    FROM pending_release p JOIN asked_officer a ON a.pending_id = p.id
    JOIN core.directory d ON d.code = left(a.approver, 2)
   WHERE p.state = 'lapsed' AND p.settled_at > now() - interval '90 days'
) AS t`;
const UNTOLD = `NOT EXISTS (SELECT FROM approval_notice n
  WHERE n.pending_id = t.pending_id AND n.organisation_id = t.organisation_id AND n.stage >= t.stage)`;

export async function selectOrganisationsToTell(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ organisation_id: number }>(
    `SELECT DISTINCT t.organisation_id FROM ${DUE} WHERE ${UNTOLD}`,
  );
  return rows.map((row) => row.organisation_id);
}

export type DueNotice = {
  pending_id: string;
  stage: NoticeStage;
  at: Date;
  producer: number;
  stix_id: string;
  organisations: number[];
  /** Codes of all whom the producer ever named for what it is about. */
  named: string[];
  deadline: Date;
  state: PendingState;
  reason: string | null;
};

/** Writes an organisation's due notices, each once whoever asks, and tells of what; the nearest deadline first. */
export async function takeDueNotices(
  db: Queryable,
  organisationId: number,
  most: number,
): Promise<DueNotice[]> {
  const { rows } = await db.query<DueNotice>(
    `WITH due AS (
            SELECT t.pending_id, t.stage FROM ${DUE} JOIN pending_release p ON p.id = t.pending_id
             WHERE t.organisation_id = $1 AND ${UNTOLD} ORDER BY p.deadline, p.id LIMIT $2),
          taken AS (
            INSERT INTO approval_notice (pending_id, organisation_id, stage) SELECT pending_id, $1, stage FROM due
            ON CONFLICT DO NOTHING RETURNING pending_id, stage, at)
     SELECT t.pending_id, t.stage, t.at, p.producer, p.stix_id, p.organisations, p.deadline, p.state, p.reason,
            ARRAY(SELECT DISTINCT code FROM object_version o, unnest(o.named) AS code
                   WHERE o.stix_id = p.stix_id AND o.producer = p.producer) AS named
       FROM taken t JOIN pending_release p ON p.id = t.pending_id ORDER BY p.deadline, p.id`,
    [organisationId, most],
  );
  return rows;
}
