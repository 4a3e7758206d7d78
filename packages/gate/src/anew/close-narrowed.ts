import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { closeEarly, closeToAll } from "../store/closed.ts";
import { selectStatedIds } from "../store/version.ts";
import { closeWithNaming } from "./close-with-naming.ts";
import { lookAhead, lostAmong, MOST_AHEAD } from "./look-ahead.ts";
import type { Page } from "./reevaluate.ts";

/**
 * `closed`: to how many readers copies were closed; `next`: where to go on, undefined after the last page. `failed`: why
 * objects could not be decided, each of which is closed to everybody but its producer.
 */
export type Closing = { closed: number; next: string | undefined; failed: readonly unknown[] };

/**
 * The first go of a pass: closes the copies that their readers may not have any more, by the very decision by which
 * `reevaluate` tells them later, and what names them with them. It decides many at a time and writes nothing but that they
 * are closed, so that it is over long before everybody is told. What it closed too much, `reevaluate` sends again.
 */
export async function closeNarrowed(db: PoolClient, made: ReleaseContext, page: Page): Promise<Closing> {
  const context = await lockStanding(db, made);
  const ids = await selectStatedIds(db, context.producer.id, page);
  const end = performance.now() + (page.withinMs ?? Number.POSITIVE_INFINITY);
  const failed: unknown[] = [];
  let [closed, done] = [0, 0];
  while (done < ids.length && (done === 0 || performance.now() < end)) {
    const some = ids.slice(done, done + MOST_AHEAD);
    closed += await closeSurely(db, context, some, failed);
    done += some.length;
  }
  const isMore = done < ids.length || ids.length === page.limit;
  return { closed, next: isMore ? ids[done - 1] : undefined, failed };
}

/** What cannot be decided is withheld, as everywhere; it keeps nothing else from being closed. */
async function closeSurely(
  db: PoolClient,
  context: ReleaseContext,
  ids: readonly string[],
  failed: unknown[],
): Promise<number> {
  try {
    return await closeAmong(db, context, ids);
  } catch (error) {
    // What the database refuses ends the transaction; the page is done again.
    if (typeof (error as { code?: unknown }).code === "string") throw error;
    if (ids.length > 1) {
      let many = 0;
      for (const id of ids) many += await closeSurely(db, context, [id], failed);
      return many;
    }
    failed.push(error);
    const { id: producer } = context.producer;
    return (await closeWithNaming(db, producer, await closeToAll(db, producer, ids))).many;
  }
}

async function closeAmong(db: PoolClient, context: ReleaseContext, ids: readonly string[]): Promise<number> {
  const { id: producer } = context.producer;
  let many = 0;
  for await (const ahead of lookAhead(db, context, ids)) {
    const narrowed = lostAmong(ahead);
    if (narrowed.length === 0) continue;
    many += (await closeWithNaming(db, producer, await closeEarly(db, narrowed))).many;
  }
  return many;
}
