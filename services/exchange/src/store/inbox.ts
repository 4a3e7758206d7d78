import type { InboxItemState, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

/** What lies in a person's inbox, without its content: `db` reads as that person, under row-level security. */
export type InboxRow = {
  id: string;
  producer: number;
  objects: number;
  created_at: Date;
  created_us: number;
  withdrawn_at: Date | null;
  state: InboxItemState;
  unread: boolean;
  acknowledged_at: Date | null;
  withdrawal_acknowledged_at: Date | null;
};

const SELECT = `SELECT i.id, i.producer, i.objects, i.created_at, i.withdrawn_at, became.*, stands.state FROM inbox_item i
  CROSS JOIN LATERAL (SELECT (extract(epoch FROM i.created_at) * 1000000)::bigint AS created_us,
    NOT EXISTS (SELECT FROM inbox_read r WHERE r.item_id = i.id) AS unread,
    (SELECT a.at FROM inbox_acknowledgement a WHERE a.item_id = i.id AND NOT a.of_withdrawal) AS acknowledged_at,
    (SELECT a.at FROM inbox_acknowledgement a WHERE a.item_id = i.id AND a.of_withdrawal) AS withdrawal_acknowledged_at
  ) became
  CROSS JOIN LATERAL (SELECT CASE WHEN withdrawal_acknowledged_at IS NOT NULL THEN 'withdrawal-acknowledged'
    WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN acknowledged_at IS NOT NULL THEN 'acknowledged'
    WHEN unread THEN 'unread' ELSE 'read' END AS state) stands`;

/** Newest first, after the given place; those in one state where it is named. */
export async function selectInbox(
  db: Queryable,
  state: InboxItemState | undefined,
  after: ListPlace,
  limit: number,
): Promise<InboxRow[]> {
  const { rows } = await db.query<InboxRow>(
    `${SELECT} WHERE (i.created_at, i.id) < ('epoch'::timestamptz + $1 * interval '1 microsecond', $2)
        AND ($4::text IS NULL OR state = $4)
      ORDER BY i.created_at DESC, i.id DESC LIMIT $3`,
    [after.key, after.id, limit, state ?? null],
  );
  return rows;
}

export async function selectInboxItem(db: Queryable, id: string): Promise<InboxRow | undefined> {
  return (await db.query<InboxRow>(`${SELECT} WHERE i.id = $1`, [id])).rows[0];
}

/** The content, with the record that it was read in that session; nothing where it is withdrawn, or another's. */
export async function openInboxItem(db: Queryable, id: string, session: string): Promise<string | undefined> {
  const { rows } = await db.query<{ body: string | null }>("SELECT open_inbox_item($1, $2) AS body", [
    id,
    session,
  ]);
  return rows[0]?.body ?? undefined;
}

/** Once each, of the letter and of its withdrawal; a repeat changes nothing. */
export async function insertAcknowledgement(
  db: Queryable,
  id: string,
  person: string,
  ofWithdrawal: boolean,
): Promise<void> {
  await db.query(
    `INSERT INTO inbox_acknowledgement (item_id, person, of_withdrawal) VALUES ($1, $2, $3)
     ON CONFLICT (item_id, of_withdrawal) DO NOTHING`,
    [id, person, ofWithdrawal],
  );
}
