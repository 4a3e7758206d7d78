import type { PoolClient } from "@suar/runtime";
import type { Failed } from "../anew/pass.ts";
import { reevaluate } from "../anew/reevaluate.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import { hasTurned, lockStanding, PlanOutdated } from "../context/standing.ts";
import { isSame, readKnown } from "../judge/known.ts";
import { insertRenditions, renditionsOrNothing } from "../store/release.ts";
import { insertCauses, markSpread, upsertVictims } from "../store/victim.ts";
import { leadsOnly } from "../victims/names-of.ts";
import { narrowHolders } from "../victims/narrow-holders.ts";
import { type PreparedRelease, prepareRelease } from "./prepare-release.ts";
import { writeRows } from "./write-rows.ts";

/** The most objects of one transaction (DESIGN 1.2). */
export const MOST_RELEASED_AT_ONCE = 1_000;

/**
 * What became of the items, and the envelope that waits for the pen; undefined when there was nothing to log. `closes`:
 * something was taken from readers, who may be reading it just now. `failed`: what of before could not be decided anew, which
 * its producer alone has until it is; whoever calls this logs why.
 */
export type Released = {
  outcomes: readonly ReleaseOutcome[];
  envelope: number | undefined;
  closes: boolean;
  failed: readonly Failed[];
};

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
  const closes = await narrowByVictims(db, now, prepared);
  const { narrowing } = prepared;
  const { failed } = narrowing.length === 0 ? NO_FAILURES : await reevaluate(db, now, { stixIds: narrowing });
  const outcomes = tellUndecided(prepared.outcomes, failed);
  return { outcomes, envelope, closes: closes || narrowing.length > 0, failed };
}

const NO_FAILURES = { failed: [] };
const UNDECIDED = {
  code: "undecided",
  reason:
    "What you stated of it before could not be decided anew: nobody else has any of it until it is, and that is tried again",
} as const;

function tellUndecided(
  outcomes: readonly ReleaseOutcome[],
  failed: readonly Failed[],
): readonly ReleaseOutcome[] {
  if (failed.length === 0) return outcomes;
  const ids = new Set(failed.map(({ id }) => id));
  return outcomes.map((one) =>
    one.outcome === "accepted" && ids.has(one.id) ? { ...one, ...UNDECIDED } : one,
  );
}

/** Whether who planned knew all that was said of victims by then: it told whom what may be named to. */
function isPlanned({ planned, victims }: ReleaseContext, { known }: PreparedRelease): boolean {
  if (planned === undefined || victims === undefined) return true;
  return known.victims.known.rows.every(({ name, live }) => !live || victims.names.has(name));
}

/** Keeps what is said to be a victim's, and closes what was released before it was; whether anything was. */
async function narrowByVictims(
  db: PoolClient,
  context: ReleaseContext,
  { known, victims, versions, exposed }: PreparedRelease,
): Promise<boolean> {
  const producer = context.producer.id;
  const { newly, links, spread } = known.victims.standing(victims.map(({ name }) => name));
  const parts = links.map(({ whole, part }) => ({ name: part, cause: whole }));
  if (parts.length > 0) await insertCauses(db, producer, parts);
  if (newly.length > 0) await upsertVictims(db, producer, newly);
  if (spread.length > 0) await markSpread(db, producer, spread);
  const written = versions.map(({ renditionId }) => renditionId);
  const changed = newly.map(({ name }) => name).filter((name) => !leadsOnly(name));
  return await narrowHolders(db, context, { newly: changed, exposed, written });
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
