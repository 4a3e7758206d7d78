import { normalizeSubmission } from "@suar/contract";
import { type Loop, type Platform, type Realm, startLoop } from "@suar/runtime";
import { clearLeftStaged } from "../stage/clear-staged.ts";
import { deleteOrphanChunks, selectForgotten } from "../store/submission.ts";

const MOST_AT_ONCE = 200;
const CLEAN_EVERY = 900;
const NEW_KEY_EVERY_MS = 10_000;

/** Enqueues again what a crash, or a queue that lost everything, forgot; clears away broken uploads, and what was staged. */
export function startSweeping(platform: Platform, realm: Realm): Loop {
  let turns = 0;
  return startLoop({
    name: `sweep:${realm.name}`,
    log: platform.log,
    busyMs: 1_000,
    idleMs: 1_000,
    step: async () => {
      // The queue may still hold the job of a worker that is gone, under its key: now and then the key is new.
      const turn = Math.floor(Date.now() / NEW_KEY_EVERY_MS);
      for (const { id, fence } of await selectForgotten(realm.write, MOST_AT_ONCE)) {
        const key = `${id}/${fence}/${turn}`;
        await platform.queue.wake(realm.name, normalizeSubmission, { submissionId: id }, key);
      }
      if (turns++ % CLEAN_EVERY === 0) {
        await deleteOrphanChunks(realm.write);
        await clearLeftStaged(realm.write);
      }
      return false;
    },
  });
}
