import { pullSource } from "@suar/contract";
import { type Loop, type Platform, type Realm, startLoop } from "@suar/runtime";
import { selectDueSources } from "../store/source-turn.ts";

const MOST_AT_ONCE = 200;

/** Wakes a worker for each source whose turn it is: by the clock, after a failure, or because a worker was killed. */
export function startScheduling(platform: Platform, realm: Realm): Loop {
  return startLoop({
    name: `sources:${realm.name}`,
    log: platform.log,
    busyMs: 500,
    idleMs: 1_000,
    step: async () => {
      for (const sourceId of await selectDueSources(realm.write, MOST_AT_ONCE))
        await platform.queue.wake(realm.name, pullSource, { sourceId }, sourceId);
      return false;
    },
  });
}
