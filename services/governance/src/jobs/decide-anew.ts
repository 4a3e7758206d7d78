import { setTimeout as sleep } from "node:timers/promises";
import {
  againAfterDeadlock,
  type Reevaluation,
  type ReleaseContext,
  reevaluate,
  releaseContext,
  selectDueProducers,
  takeDue,
} from "@suar/gate";
import {
  appendEvent,
  CLOSED,
  channels,
  type Loop,
  metrics,
  type Platform,
  type PoolClient,
  type Realm,
  startLoop,
  transaction,
} from "@suar/runtime";
import { claimPass, notePage, selectWaiting } from "../store/reevaluation.ts";
import { noticeChanges } from "./notice-changes.ts";

const LOOK_EVERY_MS = 1_000;
/** A release of the same producer waits for a page at most; whichever comes first ends one. */
const PAGE = { limit: 200, withinMs: 50 };
const DUE_AT_ONCE = 20;

/**
 * Decides released objects anew after something changed, a page of one producer's at a time, with pauses as long as the
 * pages. A page, how far the pass is, and what came of it are one transaction: a crash repeats nothing and forgets nothing,
 * and of several processes each takes the pages of another producer.
 */
export function startDecidingAnew(platform: Platform, realm: Realm): Loop {
  const notice = noticeChanges(platform, realm);
  let lookedAt = Number.NEGATIVE_INFINITY;
  const step = async (): Promise<boolean> => {
    if (performance.now() - lookedAt >= LOOK_EVERY_MS) {
      await notice();
      lookedAt = performance.now();
    }
    const began = performance.now();
    const worked = (await decideDue(platform, realm)) || (await decidePage(platform, realm));
    if (worked) await sleep(performance.now() - began);
    return worked;
  };
  const name = `reevaluation:${realm.name}`;
  return startLoop({ name, log: platform.log, step, busyMs: LOOK_EVERY_MS, idleMs: LOOK_EVERY_MS });
}

/** What has an end of its own that has come. */
async function decideDue(platform: Platform, realm: Realm): Promise<boolean> {
  for (const producer of await selectDueProducers(realm.write)) {
    const worked = await decide(platform, realm, producer, async (db, context) => {
      const stixIds = await takeDue(db, producer, DUE_AT_ONCE);
      return stixIds.length === 0
        ? undefined
        : { done: await reevaluate(db, context, { stixIds }), causes: ["time"] };
    });
    if (worked) return true;
  }
  return false;
}

async function decidePage(platform: Platform, realm: Realm): Promise<boolean> {
  const waiting = await selectWaiting(realm.write);
  metrics.reevaluating.labels(realm.name).set(waiting.length);
  for (const producer of waiting) {
    const worked = await decide(platform, realm, producer, async (db, context) => {
      const claimed = await claimPass(db, producer);
      if (claimed === undefined) return undefined;
      const done = await reevaluate(db, context, { ...PAGE, after: claimed.after });
      const { next: after, decided, narrowed, widened } = done;
      await notePage(db, producer, { after, decided, narrowed: narrowed.length, widened: widened.length });
      return { done, causes: claimed.causes };
    });
    if (worked) return true;
  }
  return false;
}

type Decided = { done: Reevaluation; causes: readonly string[] };

/** One transaction of one producer's; false where there was nothing to do. */
async function decide(
  platform: Platform,
  realm: Realm,
  producer: number,
  work: (db: PoolClient, context: ReleaseContext) => Promise<Decided | undefined>,
): Promise<boolean> {
  const organisation = await platform.directory.byId(producer);
  if (organisation === undefined) throw new Error("a producer is gone");
  const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
  const decided = await againAfterDeadlock(
    async () =>
      await transaction(realm.write, async (db) => {
        const result = await work(db, context);
        if (result !== undefined) await note(db, organisation.code, result);
        return result;
      }),
  );
  if (decided === undefined) return false;
  const { narrowed, widened, decided: many } = decided.done;
  const counts = { decided: many, narrowed: narrowed.length, widened: widened.length };
  for (const [outcome, count] of Object.entries(counts))
    metrics.reevaluated.labels(realm.name, outcome).inc(count);
  const closed = narrowed.length > 0 ? CLOSED : undefined;
  if (narrowed.length + widened.length > 0) platform.signals.send(channels.release(realm.name), closed);
  return true;
}

/** That something was opened or closed stands in the activity log; of what, the log of releases tells whom it concerns. */
async function note(db: PoolClient, subject: string, { done, causes }: Decided): Promise<void> {
  const { narrowed, widened } = done;
  if (narrowed.length + widened.length === 0) return;
  const fields = { narrowed: narrowed.length, widened: widened.length, causes };
  await appendEvent(db, { type: "objects-reevaluated.v1", actor: "suar", subject, fields });
}
