import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import type { Due } from "../store/due.ts";
import { selectStatedIds } from "../store/version.ts";
import { type Failed, Pass } from "./pass.ts";

/** Ids of one producer's objects to decide anew; or all of them, a page at a time in the order of their ids. */
export type Reevaluated = { stixIds: readonly string[] } | Due | Page;

const NEVER: ReadonlyMap<string, number> = new Map();

/** `withinMs`: no further objects are begun after so long, so that releases of the same producer need not wait. */
export type Page = { after: string; limit: number; withinMs?: number };

/**
 * `narrowed`: ids of objects that somebody lost; `decided`: how many of those asked for were looked at; `failed`: what could
 * not be decided. `next`: where to go on; undefined after the last page.
 */
export type Reevaluation = {
  narrowed: string[];
  widened: string[];
  failed: readonly Failed[];
  decided: number;
  next: string | undefined;
};

/**
 * Decides released objects of a producer anew, after its markings, members, agreements or policies have changed, or time
 * has passed. Who may no longer have a copy is told so, alone, and cannot reach it from this commit on; who newly may gets
 * an entry. What names an object that somebody lost is decided anew with it: an id can betray the value that it was made
 * from. What cannot be decided is closed to all but its producer, is due again later, and holds up nothing else. In the
 * caller's transaction; what it reads is the context's one directory and one set of policies.
 */
export async function reevaluate(
  db: PoolClient,
  made: ReleaseContext,
  what: Reevaluated,
): Promise<Reevaluation> {
  const context = await lockStanding(db, made);
  const ids = "stixIds" in what ? what.stixIds : await selectStatedIds(db, context.producer.id, what);
  const { failures, times } = "failures" in what ? what : { failures: NEVER, times: NEVER };
  const pass = new Pass(db, context, { asked: ids.length, failures, times });
  const decided = "limit" in what ? await pass.decideUntil(endOf(what), ids) : await pass.decideAll(ids);
  const isMore = "limit" in what && (decided < ids.length || ids.length === what.limit);
  const { narrowed, widened, failed } = pass;
  return {
    narrowed: [...narrowed],
    widened: [...widened],
    failed,
    decided,
    next: isMore ? ids[decided - 1] : undefined,
  };
}

function endOf({ withinMs = Number.POSITIVE_INFINITY }: Page): number {
  return performance.now() + withinMs;
}
