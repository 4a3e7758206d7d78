import type { Queryable } from "@suar/runtime";

/** Of a recall, which reminder is due by now. Who had none while removed is reminded once when it is back. */
const STAGE = "(CASE WHEN r.due_at <= now() THEN 2 ELSE 1 END)::smallint";

/** Receivers that are still there, and have neither acknowledged nor been reminded as far as is due. */
const DUE = `recall r JOIN recall_receiver v ON v.recall_id = r.id
  JOIN core.directory d ON d.id = v.organisation_id
 WHERE r.withdrawn_at + (r.due_at - r.withdrawn_at) / 2 <= now() AND r.due_at > now() - interval '90 days'
   AND NOT EXISTS (SELECT FROM recall_acknowledgement a
                    WHERE a.recall_id = r.id AND a.organisation_id = v.organisation_id)
   AND NOT EXISTS (SELECT FROM recall_reminder m
                    WHERE m.recall_id = r.id AND m.organisation_id = v.organisation_id AND m.stage >= ${STAGE})`;

export async function selectOrganisationsToRemind(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ organisation_id: number }>(
    `SELECT DISTINCT v.organisation_id FROM ${DUE}`,
  );
  return rows.map((row) => row.organisation_id);
}

export type DueReminder = {
  recall_id: string;
  stage: 1 | 2;
  at: Date;
  due_at: Date;
  producer: number;
  known_as: string[];
};

/** Writes an organisation's due reminders, each once whoever asks, and tells of what; the oldest first. */
export async function takeDueReminders(
  db: Queryable,
  organisationId: number,
  most: number,
): Promise<DueReminder[]> {
  const { rows } = await db.query<DueReminder>(
    `WITH due AS (
            SELECT v.recall_id, ${STAGE} AS stage FROM ${DUE} AND v.organisation_id = $1
             ORDER BY r.due_at, r.id LIMIT $2),
          taken AS (
            INSERT INTO recall_reminder (recall_id, organisation_id, stage) SELECT recall_id, $1, stage FROM due
            ON CONFLICT DO NOTHING RETURNING recall_id, stage, at)
     SELECT t.recall_id, t.stage, t.at, r.due_at, r.producer, v.known_as
       FROM taken t JOIN recall r ON r.id = t.recall_id
       JOIN recall_receiver v ON v.recall_id = t.recall_id AND v.organisation_id = $1
      ORDER BY r.due_at, r.id`,
    [organisationId, most],
  );
  return rows;
}
