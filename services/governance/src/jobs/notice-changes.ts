import { hasTurned } from "@suar/gate";
import { type Platform, type Realm, readWholeStanding, transaction, type WholeStanding } from "@suar/runtime";
import { causesOf, memberStanding } from "../member-standing.ts";
import { putNoticed } from "../store/noticed.ts";
import { beginPasses, lockNoticing, selectProducers, selectStandings } from "../store/reevaluation.ts";

/**
 * Looks whether what releases were decided under is another: policies, agreements, members, or their times, which pass
 * without anybody writing. Then a pass begins for each producer to whom it matters. What a process saw is only why it does
 * not look closer each time: the rows say what there is to do, and every process finds the same.
 */
export function noticeChanges(
  { directory, trust }: Pick<Platform, "directory" | "trust">,
  realm: Realm,
): () => Promise<void> {
  let seen: WholeStanding | undefined;
  return async () => {
    const now = await readWholeStanding(realm.write, trust);
    const isSame =
      seen?.fingerprint === now.fingerprint &&
      seen.policies === now.policies &&
      !hasTurned(now.policies, seen.now, now.now);
    if (isSame) return;
    const all = await directory.all();
    const members = new Map(all.map(({ id, member }) => [id, member]));
    seen = await transaction(realm.write, async (db) => {
      await lockNoticing(db, realm.name);
      const whole = await readWholeStanding(db, trust);
      const before = await selectStandings(db);
      const changes = (await selectProducers(db)).flatMap((producer) => {
        const standing = memberStanding(whole, members.get(producer) ?? "");
        const was = before.get(producer);
        return was === standing ? [] : [{ producer, standing, causes: causesOf(was, standing) }];
      });
      if (changes.length > 0) await beginPasses(db, changes);
      await putNoticed(db, whole.fingerprint);
      return whole;
    });
  };
}
