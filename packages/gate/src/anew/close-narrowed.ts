import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { selectStatedIds } from "../store/version.ts";
import { closeSurely } from "./close-surely.ts";
import { closeWithNaming } from "./close-with-naming.ts";
import { MOST_AHEAD } from "./look-ahead.ts";
import type { Page } from "./reevaluate.ts";

/**
 * `closed`: to how many readers copies were closed; `next`: where to go on, undefined after the last page. `failed`: why
 * objects could not be decided, each of which is closed to everybody but its producer.
 */
export type ClosedPage = { closed: number; next: string | undefined; failed: readonly unknown[] };

/**
 * The first go of a pass: closes the copies that their readers may not have any more, by the very decision by which
 * `reevaluate` tells them later, and what names them with them. It decides many at a time and writes nothing but that they
 * are closed, so that it is over long before everybody is told. What it closed too much, `reevaluate` sends again.
 */
export async function closeNarrowed(db: PoolClient, made: ReleaseContext, page: Page): Promise<ClosedPage> {
  const context = await lockStanding(db, made);
  const ids = await selectStatedIds(db, context.producer.id, page);
  const end = performance.now() + (page.withinMs ?? Number.POSITIVE_INFINITY);
  const failed: unknown[] = [];
  let [closed, done] = [0, 0];
  while (done < ids.length && (done === 0 || performance.now() < end)) {
    const some = ids.slice(done, done + MOST_AHEAD);
    const lost = await closeSurely(db, context, some, failed);
    closed += (await closeWithNaming(db, context.producer.id, lost)).many;
    done += some.length;
  }
  const isMore = done < ids.length || ids.length === page.limit;
  return { closed, next: isMore ? ids[done - 1] : undefined, failed };
}
