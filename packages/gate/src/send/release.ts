import type { PoolClient } from "@suar/runtime";
import { reevaluate } from "../anew/reevaluate.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import { hasTurned, lockStanding, PlanOutdated } from "../context/standing.ts";
import { isSame, readKnown } from "../judge/known.ts";
import { insertDue } from "../store/due.ts";
import { insertRenditions, renditionsOrNothing } from "../store/release.ts";
import { selectHolding, spreadVictims } from "../store/victim.ts";
import { type PreparedRelease, prepareRelease } from "./prepare-release.ts";
import { writeRows } from "./write-rows.ts";

/** The most objects of one transaction (DESIGN 1.2). */
export const MOST_RELEASED_AT_ONCE = 1_000;

/** What became of the items, and the envelope that waits for the pen; undefined when there was nothing to log. */
export type Released = { outcomes: ReleaseOutcome[]; envelope: number | undefined };

/**
 * The only writer of releases. In the caller's transaction it writes versions, renditions and audiences, and
 * seals one envelope for the pen. What was prepared ahead is used when nothing that it rests on has changed
 * since, and done again when something has; so is the context (`lockStanding`, which may throw PlanOutdated). Outcomes
 * come in the items' order. The caller commits, then hints `channels.release`.
 */
export async function release(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
  ahead?: PreparedRelease,
): Promise<Released> {
  if (items.length > MOST_RELEASED_AT_ONCE)
    throw new RangeError(`at most ${MOST_RELEASED_AT_ONCE} objects a transaction`);
  const { now, prepared } =
    (ahead && (await writeAhead(db, context, ahead))) ?? (await writeAfresh(db, context, items));
  if (!isPlanned(now, prepared)) throw new PlanOutdated("what was planned is said to be a victim's by now");
  const envelope = await writeRows(db, now, prepared);
  // Who narrows what it said narrows all that it said of the same before, in the same moment.
  const narrowing = [...prepared.narrowing, ...(await narrowedByVictims(db, now, prepared))];
  if (narrowing.length > 0) await reevaluate(db, now, { stixIds: narrowing });
  return { outcomes: prepared.outcomes, envelope };
}

/** Whether who planned knew all that was said of victims by then: it told whom what may be named to. */
function isPlanned({ planned, victims }: ReleaseContext, { known }: PreparedRelease): boolean {
  if (planned === undefined || victims === undefined) return true;
  return known.victims.known.rows.every(({ name, live }) => !live || victims.names.has(name));
}

/** What was released before it was said to be a victim's, or holds such an address. Where that is very much, the rest is due at once. */
async function narrowedByVictims(
  db: PoolClient,
  { producer, submissionId }: ReleaseContext,
  { known: { victims } }: PreparedRelease,
): Promise<string[]> {
  if (victims.links.length > 0) await spreadVictims(db, producer.id, victims.links);
  if (victims.newly.length === 0) return [];
  const holding = await selectHolding(db, producer.id, victims.newly, submissionId);
  const later = holding.slice(MOST_RELEASED_AT_ONCE);
  if (later.length > 0) await insertDue(db, producer.id, later);
  return holding.slice(0, MOST_RELEASED_AT_ONCE);
}

/** What was written, and the context of the moment in which it was. */
type Written = { now: ReleaseContext; prepared: PreparedRelease };

/**
 * What is large goes in before the lock, so that one batch's bodies do not wait for another's. Undefined, with
 * nothing written and the lock let go, when what was judged ahead no longer holds.
 */
async function writeAhead(
  db: PoolClient,
  context: ReleaseContext,
  ahead: PreparedRelease,
): Promise<Written | undefined> {
  const written = await renditionsOrNothing(db);
  await insertRenditions(db, context.producer.id, ahead.renditions);
  const now = await lockStanding(db, context);
  const isTrue = now.standing === context.standing && !hasTurned(now.policies, context.now, now.now);
  if (isTrue && isSame(await readKnown(db, now, ahead.items, ahead.names), ahead.known))
    return { now, prepared: ahead };
  await written.undo();
  return undefined;
}

async function writeAfresh(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<Written> {
  const now = await lockStanding(db, context);
  const prepared = await prepareRelease(db, now, items);
  await insertRenditions(db, context.producer.id, prepared.renditions);
  return { now, prepared };
}
