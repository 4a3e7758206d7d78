import type { PoolClient } from "@suar/runtime";
import { isSame, readKnown } from "./known.ts";
import { type PreparedRelease, prepareRelease } from "./prepare-release.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import { insertRelease } from "./store/release.ts";
import { lockProducer, noteKept, widenVersions } from "./store/version.ts";

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
  const producer = context.producer.id;
  await lockProducer(db, context.gate.realm, producer);
  const still =
    ahead !== undefined && ahead.items === items && isSame(await readKnown(db, producer, items), ahead.known);
  const prepared = still ? ahead : await prepareRelease(db, context, items);
  const { outcomes, versions, widened, kept, entries } = prepared;
  const envelope = await insertRelease(db, producer, context.submissionId, versions, entries);
  if (widened.length > 0) await widenVersions(db, producer, widened);
  if (kept.length > 0) await noteKept(db, producer, kept);
  return { outcomes, envelope };
}
