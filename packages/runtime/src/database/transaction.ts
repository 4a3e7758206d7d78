import type { Pool, PoolClient } from "./pool.ts";

/** PostgreSQL settings for one transaction. */
type TransactionSettings = {
  /** `off` where losing the transaction in a crash loses nothing: it is done again. */
  synchronous_commit?: "off";
  idle_in_transaction_session_timeout?: `${number}s`;
  tcp_user_timeout?: `${number}s`;
};

function beginWith(settings: TransactionSettings): string {
  const local = Object.entries(settings).map(([name, value]) => `; SET LOCAL ${name} = '${value}'`);
  return `BEGIN${local.join("")}`;
}

/**
 * Runs `work` in one transaction and commits it; any error rolls back and is thrown on. A client whose
 * rollback fails is broken and is not given back to the pool.
 */
export async function transaction<T>(
  pool: Pool,
  work: (db: PoolClient) => Promise<T>,
  settings: TransactionSettings = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(beginWith(settings));
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Reads as one organisation: row-level security shows what is addressed to it and nothing else. The setting
 * lives and dies with the transaction; without it every statement of the role fails (fails closed).
 */
export async function readAs<T>(
  pool: Pool,
  organisationId: number,
  work: (db: PoolClient) => Promise<T>,
): Promise<T> {
  return await transaction(pool, async (db) => {
    await db.query(
      "SELECT set_config('app.organisation', $1, true), set_config('transaction_read_only', 'on', true)",
      [String(organisationId)],
    );
    return await work(db);
  });
}

/** Whose inbox is read: a person, and the inbox that the person has now. */
export type InboxReader = { person: string; inbox: string };

/** The same for a person's own inbox. It writes, too: that something was read, and that it was acknowledged. */
export async function readInboxAs<T>(
  pool: Pool,
  { person, inbox }: InboxReader,
  work: (db: PoolClient) => Promise<T>,
): Promise<T> {
  return await transaction(pool, async (db) => {
    await db.query("SELECT set_config('app.person', $1, true), set_config('app.inbox', $2, true)", [
      person,
      inbox,
    ]);
    return await work(db);
  });
}
