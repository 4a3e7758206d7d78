import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { closeEarly, closeNaming, selectNamed } from "../store/closed.ts";
import { selectStatedIds } from "../store/version.ts";
import { lookAhead, MOST_AHEAD } from "./look-ahead.ts";
import type { Page } from "./reevaluate.ts";

/** `closed`: to how many readers copies were closed; `next`: where to go on, undefined after the last page. */
export type ClosedPage = { closed: number; next: string | undefined };

/**
 * The first go of a pass: closes the copies that their readers may not have any more, by the very decision by which
 * `reevaluate` tells them later, and what names them with them. It decides many at a time and writes nothing but that they
 * are closed, so that it is over long before everybody is told. What it closed too much, `reevaluate` sends again.
 */
export async function closeNarrowed(db: PoolClient, made: ReleaseContext, page: Page): Promise<ClosedPage> {
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
  const narrowed = (await lookAhead(db, context, ids)).flatMap(({ anew, lost }) =>
    lost.map(({ sent: { renditionId }, readers }) => ({
      stixId: anew.version.stix_id,
      renditionId,
      readers,
    })),
  );
  if (narrowed.length === 0) return 0;
  let closed = await closeEarly(db, narrowed);
  let many = closed.length;
  // What names what names it, too: it is known under another id from now on, or not at all.
  while (closed.length > 0) {
    const named = await selectNamed(db, [...new Set(closed.map(({ stixId }) => stixId))]);
    const lost = closed.filter(({ stixId }) => named.has(stixId));
    closed = lost.length === 0 ? [] : await closeNaming(db, context.producer.id, lost);
    many += closed.length;
  }
  return many;
}
