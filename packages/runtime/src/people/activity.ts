import type { Queryable } from "../database/pool.ts";

/**
 * Appends to the activity log: what people and machines did, in the past tense and versioned
 * (`submission-received.v1`). The log of its schema (a realm's, or core's) is append-only for every role.
 * Fields hold ids and counts, never content.
 */
export async function appendEvent(
  db: Queryable,
  event: { type: `${string}.v${number}`; actor: string; subject: string; fields?: Record<string, unknown> },
): Promise<void> {
  await db.query("INSERT INTO activity (type, actor, subject, fields) VALUES ($1, $2, $3, $4)", [
    event.type,
    event.actor,
    event.subject,
    JSON.stringify(event.fields ?? {}),
  ]);
}
