import type { PoolClient } from "@suar/runtime";
import { withApprovals } from "../approvals/agreed-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { copiesSent, lostOf } from "../send/take-away.ts";
import { type ClosedEarly, closeEarly, closeNaming, countClosing } from "../store/closed.ts";
import { selectBodies } from "../store/rendition.ts";
import { selectStatedIds } from "../store/version.ts";
import { type Anew, decideTogether } from "./decide-anew.ts";
import type { Page } from "./reevaluate.ts";
import { readStandingVersions } from "./standing-version.ts";

/** `closed`: to how many readers copies were closed; `next`: where to go on, undefined after the last page. */
export type Closing = { closed: number; next: string | undefined };

/** So many objects are read and decided together. */
const AT_ONCE = 100;

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
    const some = ids.slice(done, done + AT_ONCE);
    closed += await closeAmong(db, context, some);
    done += some.length;
  }
  if (closed > 0) await countClosing(db);
  const isMore = done < ids.length || ids.length === page.limit;
  return { closed, next: isMore ? ids[done - 1] : undefined };
}

async function closeAmong(db: PoolClient, context: ReleaseContext, ids: readonly string[]): Promise<number> {
  const narrowed = await findNarrowed(db, context, ids);
  if (narrowed.length === 0) return 0;
  let closed = await closeEarly(db, narrowed);
  let many = closed.length;
  // What names what names it, too: it is known under another id from now on, or not at all.
  while (closed.length > 0) {
    closed = await closeNaming(db, context.producer.id, closed);
    many += closed.length;
  }
  return many;
}

async function findNarrowed(
  db: PoolClient,
  context: ReleaseContext,
  ids: readonly string[],
): Promise<ClosedEarly[]> {
  const all = await decideTogether(db, context, await readStandingVersions(db, context, ids));
  const bodies = await selectBodies(db, all.flatMap(copiesSent));
  const narrowed: ClosedEarly[] = [];
  for (const anew of all) {
    const decision = isAskedOfHolders(anew) ? await withApprovals(db, context, anew) : anew.decision;
    for (const { sent, readers } of lostOf({ ...anew, decision }, bodies))
      narrowed.push({ stixId: anew.version.stix_id, renditionId: sent.renditionId, readers });
  }
  return narrowed;
}

/** What others agreed to before stays, where the very same is asked. */
function isAskedOfHolders({ decision, sent }: Anew): boolean {
  if (decision.asking.length === 0) return false;
  const holders = new Set(sent.flatMap(({ readers }) => readers));
  return decision.asking.some(({ readers }) => readers.some((reader) => holders.has(reader)));
}
