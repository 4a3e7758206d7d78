import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { selectStatedIds } from "../store/version.ts";
import { closeWithNaming } from "./close-with-naming.ts";
import { lookAhead, lostAmong, MOST_AHEAD } from "./look-ahead.ts";
import type { Page } from "./reevaluate.ts";

/** `closed`: to how many readers copies were closed; `next`: where to go on, undefined after the last page. */
export type Closing = { closed: number; next: string | undefined };

/**
 * The first go of a pass: closes the copies that their readers may not have any more, by the very decision by which
 * `reevaluate` tells them later, and what names them with them. It decides many at a time and writes nothing but that they
 * are closed, so that it is over long before everybody is told. What it closed too much, `reevaluate` sends again.
 */
export async function closeNarrowed(db: PoolClient, made: ReleaseContext, page: Page): Promise<Closing> {
  const context = await lockStanding(db, made);
  const ids = await selectStatedIds(db, context.producer.id, page);
  const end = performance.now() + (page.withinMs ?? Number.POSITIVE_INFINITY);
  let [closed, done] = [0, 0];
  while (done < ids.length && (done === 0 || performance.now() < end)) {
    const some = ids.slice(done, done + MOST_AHEAD);
    closed += await closeAmong(db, context, some);
    done += some.length;
  }
  const isMore = done < ids.length || ids.length === page.limit;
  return { closed, next: isMore ? ids[done - 1] : undefined };
}

async function closeAmong(db: PoolClient, context: ReleaseContext, ids: readonly string[]): Promise<number> {
  const narrowed = lostAmong(await lookAhead(db, context, ids));
  return (await closeWithNaming(db, context.producer.id, narrowed)).many;
}
