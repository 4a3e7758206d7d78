import pg from "pg";
import { until } from "../support/api.ts";
import { ownerUrl, postmaster } from "../support/embedded-postgres.ts";

/** Any number that nothing else locks. */
const LOCK = 471_147;

/** A place in the database where whoever comes by is held: a table, what happens there, and to which of its rows. */
export type Boundary = { table: string; on: string; when?: string };

export type Hold = {
  /** Until somebody is held there. */
  reached(): Promise<void>;
  /** Lets everybody go on, and holds nobody any more. */
  end(): Promise<void>;
};

/** Holds the next transaction of the live realm that comes to a boundary, so that a test can kill exactly there. */
export async function holdAt(dataDir: string, { table, on, when }: Boundary): Promise<Hold> {
  const client = new pg.Client({ connectionString: ownerUrl(dataDir) });
  client.on("error", () => undefined); // PostgreSQL may be what is killed
  await client.connect();
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  await client.query(`CREATE OR REPLACE FUNCTION live.hold_here() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN coalesce(NEW, OLD); END $$`);
  const condition = when === undefined ? "" : `WHEN (${when})`;
  await client.query(`CREATE OR REPLACE TRIGGER hold_here BEFORE ${on} ON live.${table}
    FOR EACH ROW ${condition} EXECUTE FUNCTION live.hold_here()`);
  return {
    reached: async () =>
      await until(180_000, `somebody at ${on} of ${table}`, async () => {
        const { rows } = await client.query(
          `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`,
        );
        return rows.length > 0 ? true : undefined;
      }).then(() => undefined),
    end: async () => {
      await client.end().catch(() => undefined); // gone with its server, and the lock with it
      await dropHold(dataDir, table);
    },
  };
}

async function dropHold(dataDir: string, table: string): Promise<void> {
  await until(60_000, "the trigger's end", async () => {
    if (postmaster(dataDir) === undefined) return undefined;
    const client = new pg.Client({ connectionString: ownerUrl(dataDir) });
    client.on("error", () => undefined); // told where it is used
    try {
      await client.connect();
      await client.query(`DROP TRIGGER IF EXISTS hold_here ON live.${table}`);
      return true;
    } catch {
      return undefined; // being revived
    } finally {
      await client.end().catch(() => undefined); // it never began
    }
  });
}
