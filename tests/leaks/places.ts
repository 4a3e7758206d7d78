import { connectAs } from "../support/embedded-postgres.ts";
import type { PlatformProcess } from "../support/platform.ts";

/** The tables of the live realm, of core and of the queue in which a text stands anywhere, also as bytes. */
export async function placesOf({ dataDir }: PlatformProcess, text: string): Promise<string[]> {
  const db = await connectAs(dataDir, "postgres");
  const { rows } = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('live', 'core', 'bullmq') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await db.query(
      `SELECT FROM ${name} AS t WHERE t::text ILIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%' LIMIT 1`,
      [text, Buffer.from(text).toString("hex")],
    );
    if (rowCount !== 0) found.push(name);
  }
  await db.end();
  return found;
}
