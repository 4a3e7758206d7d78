import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "../database/pool.ts";
import type { Platform } from "../process/platform.ts";

const MOST_WAITED_MS = 5_000;
const LOOK_EVERY_MS = 25;

/**
 * Whether something may be open yet that a change of policies, agreements or members took away: nobody looked at the change
 * so far, or what it narrows is being closed. Asks through a client of a realm's writer.
 */
export async function isClosing(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ closing: boolean }>("SELECT is_closing() AS closing");
  return rows[0]?.closing !== false;
}

/**
 * After a change was committed and hinted at: waits until what it narrows is closed, so that whoever is told that the change
 * is made can rely on it. Not for ever: it is in force, whether or not the process that decides anew is there just now.
 * True where it is not over by then, or nobody can say. Drills notice it by themselves.
 */
export async function waitForClosing({ realms, log }: Pick<Platform, "realms" | "log">): Promise<boolean> {
  const end = performance.now() + MOST_WAITED_MS;
  try {
    const { write } = await realms.named("live");
    while (await isClosing(write)) {
      if (performance.now() > end) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  } catch (error) {
    log.warn({ err: error }, "a change is made, and it cannot be said whether what it narrows is closed");
    return true;
  }
}
