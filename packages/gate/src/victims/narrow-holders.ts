import type { Organisation } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import { closeWithNaming } from "../anew/close-with-naming.ts";
import { lookAhead, lostAmong, MOST_AHEAD } from "../anew/look-ahead.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { ClosedEarly } from "../store/closed.ts";
import { insertDue } from "../store/due.ts";
import { noteHolders, selectHeldByOthers, selectHolding } from "../store/victim-holder.ts";

/** `newly`: names of which it was not known; `exposed`: ids that are stated again, as a victim's; `written`: whole renditions. */
type Narrowing = {
  newly: readonly string[];
  exposed: readonly string[];
  written: readonly number[];
};

/**
 * What is out already, and is or holds what is said to be a victim's now, is closed to whoever may not have it any more, in
 * this transaction; and it is due, so that they are told, and sent what they may have instead, afterwards. How many
 * statements that takes has nothing to do with how much there is: where it is very much, nothing is decided, and it is
 * closed to everybody beyond the border, since within one jurisdiction nobody loses anything by it. Who may keep it gets it
 * again.
 */
export async function narrowHolders(
  db: PoolClient,
  context: ReleaseContext,
  { newly, exposed, written }: Narrowing,
): Promise<void> {
  const { producer, submissionId } = context;
  const holding =
    newly.length === 0 ? [] : await selectHolding(db, producer.id, newly, { submissionId, written });
  const ids = [...new Set([...exposed, ...holding])];
  if (ids.length === 0) return;
  // Whatever becomes of what says so until it is decided anew: nothing that is closed by it is revealed.
  await noteHolders(db, producer.id, ids);
  await insertDue(db, producer.id, ids);
  const { naming } = await closeWithNaming(db, producer.id, await copiesToClose(db, context, ids, written));
  if (naming.size > 0) await insertDue(db, producer.id, [...naming]);
}

/** What readers lose as it is decided now; of very much, what anybody could lose. */
async function copiesToClose(
  db: PoolClient,
  context: ReleaseContext,
  ids: readonly string[],
  written: readonly number[],
): Promise<ClosedEarly[]> {
  const { producer, organisations } = context;
  if (ids.length <= MOST_AHEAD) return lostAmong(await lookAhead(db, context, ids));
  const home = organisations.filter((one) => isWithin(producer, one)).map(({ id }) => id);
  return await selectHeldByOthers(db, producer.id, ids, { home, written });
}

/** Whether what one says to the other stays within one jurisdiction: then no policy of a pair is asked. */
function isWithin(producer: Organisation, reader: Organisation): boolean {
  const laws = [producer, reader].flatMap((one) => [one.member, one.jurisdiction ?? one.member]);
  return producer.id === reader.id || new Set(laws).size === 1;
}
