import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import { until } from "../../support/api.ts";

/** Every row of every table of some schemas, as a hash a table. */
export type Snapshot = Record<string, string>;

/**
 * No thing of anybody's: what is kept for a moment whoever asks, what was handed to the caller of what is the caller's
 * own, and what the clock does, or the platform of itself.
 */
const PASSING = new Set(["live_ticket", "delivered", "checkpoint", "reevaluation", "noticed"]);

export async function snapshot(admin: pg.Client, schemas: readonly string[]): Promise<Snapshot> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = ANY ($1) ORDER BY 1`,
    [schemas],
  );
  const taken: Snapshot = {};
  for (const { name } of rows)
    if (!PASSING.has(name.split(".")[1] ?? "")) taken[name] = await hashOf(admin, name);
  return taken;
}

/** Goes on once nothing changes for a while: what follows from what was done, such as alerts and notices, is done, too. */
export async function settled(admin: pg.Client, schemas: readonly string[]): Promise<void> {
  let last = await snapshot(admin, schemas);
  let alike = 0;
  await until(60_000, "rows that stay as they are", async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await snapshot(admin, schemas);
    alike = isDeepStrictEqual(now, last) ? alike + 1 : 0;
    last = now;
    return alike === ALIKE ? true : undefined;
  });
}

const ALIKE = 6;

/** The same of the live realm's rows that are one organisation's. */
export async function ownRows(admin: pg.Client, code: string): Promise<Snapshot> {
  const { rows } = await admin.query<{ name: string; owner: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name, column_name AS owner FROM information_schema.columns
      WHERE table_schema = 'live' AND column_name IN ('organisation_id', 'producer') AND data_type = 'integer' ORDER BY 1`,
  );
  const taken: Snapshot = {};
  for (const { name, owner } of rows) {
    if (PASSING.has(name.split(".")[1] ?? "")) continue;
    const where = `WHERE t.${owner} = (SELECT id FROM core.organisation WHERE code = '${code}')`;
    taken[name] = await hashOf(admin, name, where);
  }
  return taken;
}

async function hashOf(admin: pg.Client, table: string, where = ""): Promise<string> {
  const { rows } = await admin.query<{ row: string }>(
    `SELECT t::text AS row FROM ${table} t ${where} ORDER BY 1`,
  );
  const hash = createHash("sha256");
  for (const { row } of rows) hash.update(row).update("\n");
  return `${rows.length} rows, ${hash.digest("hex").slice(0, 12)}`;
}
