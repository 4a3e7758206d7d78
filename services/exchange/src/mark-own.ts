import { AppError, actorOf, type MarkingChange, type ObjectMarking, wordOf } from "@suar/contract";
import { againAfterDeadlock, type Marking, mark, type Remarked, releaseContext } from "@suar/gate";
import {
  appendEvent,
  CLOSED,
  channels,
  type Directory,
  type OrganisationCaller,
  type Platform,
  type PoolClient,
  transaction,
} from "@suar/runtime";
import { recipientsOf } from "@suar/submit";
import { hasSent } from "./store/sent-red.ts";
import { toldAs } from "./tell-receivers.ts";

const RED =
  "TLP:RED goes to named people: this neither makes it so nor ends it; take it back, and submit it anew";

/**
 * Gives what the caller's organisation stated about an id another marking, or other readers. Throws as `mark` does, and
 * `red-needs-people` for what is TLP:RED or is to be.
 */
export async function markOwn(
  platform: Platform,
  caller: OrganisationCaller,
  { id, tag }: { id: string; tag: string },
  { tlp, pap, to }: MarkingChange,
): Promise<{ marking: Marking; lost: number; gained: number }> {
  if (tlp === "red") throw new AppError("red-needs-people", RED);
  const realm = await platform.realms.of(caller);
  const named = Array.isArray(to) ? await recipientsOf(to, platform.directory) : to && null;
  const said = { submissionId: null, word: wordOf(caller) };
  const context = await releaseContext(platform, realm, caller.organisation, said);
  const once = async (db: PoolClient) => {
    const order = { stixId: id, tag, by: actorOf(caller) };
    const done = await mark(db, context, order, { tlp, pap, to: named });
    const counts = await countChanges(platform.directory, caller, done);
    const fields = { tlp: done.marking.tlp, pap: done.marking.pap, ...counts };
    await appendEvent(db, { type: "object-marked.v1", actor: actorOf(caller), subject: id, fields });
    return { marking: done.marking, ...counts };
  };
  try {
    const done = await againAfterDeadlock(async () => await transaction(realm.write, once));
    platform.signals.send(channels.release(realm.name), CLOSED);
    return done;
  } catch (error) {
    const isUnknown = error instanceof AppError && error.code === "not-found";
    // To nobody but who sent it: colleagues do not learn of it.
    if (isUnknown && (await hasSent(realm.write, caller.organisation.id, actorOf(caller), id)))
      throw new AppError("red-needs-people", RED);
    throw error;
  }
}

export function describeMarking(id: string, { tlp, pap, to, tag }: Marking): ObjectMarking {
  return { id, tlp, pap, tag, to: to === null ? "community" : [...to] };
}

async function countChanges(
  directory: Directory,
  { organisation: { member } }: OrganisationCaller,
  { before, after }: Remarked,
): Promise<{ lost: number; gained: number }> {
  const parties = new Map((await directory.all()).map((party) => [party.id, toldAs(party, member)]));
  const named = (ids: ReadonlySet<number>) => new Set([...ids].map((one) => parties.get(one)));
  const [had, have] = [named(before), named(after)];
  return { lost: had.difference(have).size, gained: have.difference(had).size };
}
