import { AppError, actorOf, type MarkingChange, type ObjectMarking, wordOf } from "@suar/contract";
import {
  type Marking,
  mark,
  type Remarked,
  releaseContext,
  releasing,
  type ToldWords,
  toldAs,
} from "@suar/gate";
import {
  appendEvent,
  CLOSED,
  type Directory,
  directoryOf,
  type OrganisationCaller,
  type Platform,
  type PoolClient,
} from "@suar/runtime";
import { recipientsOf } from "@suar/submit";
import { hasSent } from "./store/sent-red.ts";

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
  const directory = directoryOf(realm, platform.directory);
  const named = Array.isArray(to) ? await recipientsOf(to, directory) : to && null;
  const said = { submissionId: null, word: wordOf(caller) };
  const context = await releaseContext(platform, realm, caller.organisation, said);
  const once = async (db: PoolClient) => {
    const order = { stixId: id, tag, by: actorOf(caller) };
    const done = await mark(db, context, order, { tlp, pap, to: named });
    const counts = await countChanges(directory, caller, done);
    const fields = { tlp: done.marking.tlp, pap: done.marking.pap, ...counts };
    await appendEvent(db, { type: "object-marked.v1", actor: actorOf(caller), subject: id, fields });
    return { marking: done.marking, ...counts };
  };
  try {
    return await releasing(platform, realm, once, () => CLOSED);
  } catch (error) {
    const isUnknown = error instanceof AppError && error.code === "not-found";
    // To nobody but who sent it: colleagues do not learn of it.
    if (isUnknown && (await hasSent(realm.write, caller.organisation.id, actorOf(caller), id)))
      throw new AppError("red-needs-people", RED);
    throw error;
  }
}

export function describeMarking(
  id: string,
  { tlp, pap, to, tag }: Marking,
  words: readonly ToldWords[],
): ObjectMarking {
  const versions = words.map(({ named, ...one }) => ({ ...one, named: named === null ? null : [...named] }));
  return { id, tlp, pap, tag, to: to === null ? "community" : [...to], versions };
}

async function countChanges(
  directory: Directory,
  { organisation: { member } }: OrganisationCaller,
  { named, before, after }: Remarked,
): Promise<{ lost: number; gained: number }> {
  const originator = { member, named };
  const names = new Map((await directory.all()).map((party) => [party.id, toldAs(party, originator)]));
  const told = (ids: ReadonlySet<number>) => new Set([...ids].map((one) => names.get(one)));
  const [had, have] = [told(before), told(after)];
  return { lost: had.difference(have).size, gained: have.difference(had).size };
}
