import type { Queryable } from "@suar/runtime";

export async function insertTicket(
  db: Queryable,
  tokenHmac: Buffer,
  keyId: string,
  expiresAt: Date,
): Promise<void> {
  await db.query("INSERT INTO core.live_ticket (token_hmac, key_id, expires_at) VALUES ($1, $2, $3)", [
    tokenHmac,
    keyId,
    expiresAt,
  ]);
}

/** Redeems a ticket: it is gone afterwards, whoever asks. The key it was made with, if it was still good. */
export async function redeemTicket(db: Queryable, tokenHmac: Buffer): Promise<string | undefined> {
  const { rows } = await db.query<{ key_id: string; good: boolean }>(
    "DELETE FROM core.live_ticket WHERE token_hmac = $1 RETURNING key_id, expires_at > now() AS good",
    [tokenHmac],
  );
  return rows[0]?.good === true ? rows[0].key_id : undefined;
}

export async function deleteExpiredTickets(db: Queryable): Promise<void> {
  await db.query("DELETE FROM core.live_ticket WHERE expires_at < now()");
}
