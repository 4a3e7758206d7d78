import { appendEvent, issueKey, type PoolClient, type Secrets } from "@suar/runtime";

export const FIRST_KEYS_MS = 90 * 24 * 3600 * 1000;

/** A key of the operator, who belongs to no member; `actor` says for the activity log who had it made. */
export async function issueOperatorKey(
  db: PoolClient,
  secrets: Secrets,
  { label, actor }: { label: string; actor: string },
): Promise<{ key: string; expiresAt: Date }> {
  const expiresAt = new Date(Date.now() + FIRST_KEYS_MS);
  const operator = { realm: "live", organisationId: null, roles: ["operator"], label, expiresAt } as const;
  const { id, key } = await issueKey(db, secrets, operator);
  await appendEvent(db, { type: "key-issued.v1", actor, subject: id, fields: { roles: operator.roles } });
  return { key, expiresAt };
}
