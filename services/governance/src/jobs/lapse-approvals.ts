import { lapse } from "@suar/gate";
import { appendEvent, type Platform, type Realm, type Stop, startLoop, transaction } from "@suar/runtime";

const LOOK_EVERY_MS = 2_000;

/** Ends what nobody answered in time: rows tell what is due, so that a restart forgets nothing. */
export function startLapsing({ log }: Platform, realm: Realm): { stop: Stop } {
  const step = async (): Promise<boolean> =>
    await transaction(realm.write, async (db) => {
      const lapsed = await lapse(db);
      for (const subject of lapsed)
        await appendEvent(db, { type: "approval-lapsed.v1", actor: "suar", subject });
      return lapsed.length > 0;
    });
  const name = `approvals:${realm.name}`;
  return startLoop({ name, log, step, busyMs: LOOK_EVERY_MS, idleMs: LOOK_EVERY_MS });
}
