import { connectAs } from "./embedded-postgres.ts";
import type { PlatformProcess } from "./platform.ts";

/**
 * How many milliseconds, by the database's own times, the oldest entry of each checkpoint waited that no earlier one
 * covered; of those after a place of the log. However slow the machine is that asks, it says when they were signed.
 */
export async function checkpointLags(
  { dataDir }: Pick<PlatformProcess, "dataDir">,
  after: number,
): Promise<number[]> {
  const owner = await connectAs(dataDir, "postgres");
  try {
    const { rows } = await owner.query<{ lag: number }>(
      `SELECT extract(epoch FROM c.signed_at - l.logged_at)::float8 * 1000 AS lag
         FROM (SELECT size, signed_at, lag(size, 1, 0) OVER (ORDER BY size) AS before FROM live.checkpoint) c
         JOIN live.log l ON l.seq = c.before + 1 WHERE c.before >= $1`,
      [after],
    );
    return rows.map(({ lag }) => lag);
  } finally {
    await owner.end();
  }
}
