import type { Organisation } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import { closeSurely } from "../anew/close-surely.ts";
import { closeWithNaming } from "../anew/close-with-naming.ts";
import { MOST_AHEAD } from "../anew/look-ahead.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { closeToAll, type EarlyLoss } from "../store/closed.ts";
import { insertDue } from "../store/due.ts";
import { selectVersions } from "../store/version.ts";
import { selectHolding } from "../store/victim-holder.ts";
import { noteAsVictims } from "./note-as-victims.ts";

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
 * again. Whether anything was closed.
 */
export async function narrowHolders(
  db: PoolClient,
  context: ReleaseContext,
  { newly, exposed, written }: Narrowing,
): Promise<boolean> {
  const { producer, submissionId } = context;
  const holding =
    newly.length === 0 ? [] : await selectHolding(db, producer.id, newly, { submissionId, written });
  const ids = [...new Set([...exposed, ...holding])];
  if (ids.length === 0) return false;
  const stated = [...(await selectVersions(db, producer.id, ids)).values()].flat();
  await noteAsVictims(
    db,
    context,
    stated.filter(({ withdrawn_at: at }) => at === null),
  );
  await insertDue(db, producer.id, ids.map(firstTime));
  const { many, naming } = await closeWithNaming(db, producer.id, await closeHeld(db, context, ids));
  if (naming.size > 0) await insertDue(db, producer.id, [...naming].map(firstTime));
  return many > 0;
}

function firstTime(id: string) {
  return { id, times: 0 };
}

/** What readers lose as it is decided now; of very much, what anybody could lose. */
async function closeHeld(
  db: PoolClient,
  context: ReleaseContext,
  ids: readonly string[],
): Promise<EarlyLoss[]> {
  const { producer, organisations } = context;
  if (ids.length > MOST_AHEAD) {
    const home = organisations.filter((one) => isWithin(producer, one)).map(({ id }) => id);
    return await closeToAll(db, producer.id, ids, home);
  }
  // What cannot be decided is closed here, and told of where it is decided: all of them are due.
  return await closeSurely(db, context, ids, []);
}

/** Whether what one says to the other stays within one jurisdiction: then no policy of a pair is asked. */
function isWithin(producer: Organisation, reader: Organisation): boolean {
  const laws = [producer, reader].flatMap((one) => [one.member, one.jurisdiction ?? one.member]);
  return producer.id === reader.id || new Set(laws).size === 1;
}
