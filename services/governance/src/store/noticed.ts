import type { Queryable } from "@suar/runtime";

/** What `is_closing` tells a change by that nobody has looked at yet. */
export async function putNoticed(db: Queryable, standing: string): Promise<void> {
  await db.query(
    `INSERT INTO noticed (standing) VALUES ($1)
     ON CONFLICT (single) DO UPDATE SET standing = excluded.standing, at = clock_timestamp()`,
    [standing],
  );
}
