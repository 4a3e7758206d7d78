import type { PoolClient } from "@suar/runtime";
import { isSame, readKnown } from "./known.ts";
import { type PreparedRelease, prepareRelease } from "./prepare-release.ts";
import { reevaluate } from "./reevaluate.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import { insertRenditions, renditionsOrNothing } from "./store/release.ts";
import { lockProducer } from "./store/version.ts";
import { writeRows } from "./write-rows.ts";

/** The most objects of one transaction (DESIGN 1.2). */
export const MOST_RELEASED_AT_ONCE = 1_000;

/** What became of the items, and the envelope that waits for the pen; undefined when there was nothing to log. */
export type Released = { outcomes: ReleaseOutcome[]; envelope: number | undefined };

/**
 * The only writer of releases. In the caller's transaction it writes versions, renditions and audiences, and
 * seals one envelope for the pen. What was prepared ahead is used when nothing that it rests on has changed
 * since, and done again when something has. Outcomes come in the items' order. The caller commits, then hints
 * `channels.release`.
 */
export async function release(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
  ahead?: PreparedRelease,
): Promise<Released> {
  if (items.length > MOST_RELEASED_AT_ONCE)
    throw new RangeError(`at most ${MOST_RELEASED_AT_ONCE} objects a transaction`);
  const prepared =
    (ahead && (await writeAhead(db, context, ahead))) ?? (await writeAfresh(db, context, items));
  const envelope = await writeRows(db, context, prepared);
  // Who narrows what it said narrows all that it said of the same before, in the same moment.
  if (prepared.narrowing.length > 0) await reevaluate(db, context, { stixIds: prepared.narrowing });
  return { outcomes: prepared.outcomes, envelope };
}

/**
 * What is large goes in before the lock, so that one batch's bodies do not wait for another's. Undefined, with
 * nothing written and the lock let go, when what was judged ahead no longer holds.
 */
async function writeAhead(
  db: PoolClient,
  context: ReleaseContext,
  ahead: PreparedRelease,
): Promise<PreparedRelease | undefined> {
  const producer = context.producer.id;
  const written = await renditionsOrNothing(db);
  await insertRenditions(db, producer, ahead.renditions);
  await lockProducer(db, context.gate.realm, producer);
  if (isSame(await readKnown(db, context, ahead.items, ahead.names), ahead.known)) return ahead;
  await written.undo();
  return undefined;
}

async function writeAfresh(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<PreparedRelease> {
  const producer = context.producer.id;
  await lockProducer(db, context.gate.realm, producer);
  const prepared = await prepareRelease(db, context, items);
  await insertRenditions(db, producer, prepared.renditions);
  return prepared;
}
