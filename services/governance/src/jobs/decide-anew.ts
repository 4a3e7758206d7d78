import { setTimeout as sleep } from "node:timers/promises";
import {
  closeNarrowed,
  type Reevaluation,
  type ReleaseContext,
  reevaluate,
  releaseContext,
  releasing,
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
} from "@suar/runtime";
import { claimPass, type Go, noteClosing, notePage, selectWaiting } from "../store/reevaluation.ts";
import { noticeChanges } from "./notice-changes.ts";

const LOOK_EVERY_MS = 1_000;
/** A release of the same producer waits for a page at most; whichever comes first ends one. */
const PAGE = { limit: 200, withinMs: 50 };
const DUE_AT_ONCE = 20;
/** What closes is waited for; a release in between finds its turn. */
const PAUSE_OF_CLOSING = 0.25;

/**
 * Decides released objects anew after something changed, a page of one producer's at a time, with pauses as long as the
 * pages. What narrows is closed first, of all producers; then everything is decided and told. A page, how far the pass is,
 * and what came of it are one transaction: a crash repeats nothing and forgets nothing, and of several processes each takes
 * the pages of another producer.
 */
export function startDecidingAnew(platform: Platform, realm: Realm): Loop {
  const notice = noticeChanges(platform, realm);
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isHinted = false;
  const step = async (): Promise<boolean> => {
    if (isHinted || performance.now() - lookedAt >= LOOK_EVERY_MS) {
      isHinted = false;
      await notice();
      lookedAt = performance.now();
    }
    const waiting = await selectWaiting(realm.write);
    metrics.reevaluating.labels(realm.name).set(waiting.length);
    const began = performance.now();
    if (await closePage(platform, realm, producersAt("closing", waiting))) {
      await sleep((performance.now() - began) * PAUSE_OF_CLOSING);
      return true;
    }
    const worked =
      (await decideDue(platform, realm)) ||
      (await decidePage(platform, realm, producersAt("telling", waiting)));
    if (worked) await sleep(performance.now() - began);
    return worked;
  };
  const name = `reevaluation:${realm.name}`;
  const loop = startLoop({ name, log: platform.log, step, busyMs: LOOK_EVERY_MS, idleMs: LOOK_EVERY_MS });
  const look = (): void => {
    isHinted = true;
    loop.wake();
  };
  const unlisten = [channels.standing, channels.credentials].map((one) => platform.signals.listen(one, look));
  return {
    wake: loop.wake,
    stop: async () => {
      for (const end of unlisten) end();
      await loop.stop();
    },
  };
}

type Waiting = Awaited<ReturnType<typeof selectWaiting>>;

function producersAt(go: Go, waiting: Waiting): number[] {
  return waiting.filter((one) => one.go === go).map(({ producer }) => producer);
}

/** What narrows is not to be read while it waits to be told. */
async function closePage(platform: Platform, realm: Realm, waiting: readonly number[]): Promise<boolean> {
  for (const producer of waiting) {
    const worked = await inTurn(
      platform,
      realm,
      producer,
      async (db, context) => {
        const claimed = await claimPass(db, producer, "closing");
        if (claimed === undefined) return undefined;
        const done = await closeNarrowed(db, context, { ...PAGE, after: claimed.after });
        await noteClosing(db, producer, { after: done.next, closed: done.closed });
        return done;
      },
      (done) => (done !== undefined && done.closed > 0 ? CLOSED : undefined),
    );
    if (worked !== undefined) return true;
  }
  return false;
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

async function decidePage(platform: Platform, realm: Realm, waiting: readonly number[]): Promise<boolean> {
  for (const producer of waiting) {
    const worked = await decide(platform, realm, producer, async (db, context) => {
      const claimed = await claimPass(db, producer, "telling");
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
  const decided = await inTurn(
    platform,
    realm,
    producer,
    async (db, context) => {
      const result = await work(db, context);
      if (result !== undefined) await note(db, context.producer.code, result);
      return result;
    },
    (result) => (result !== undefined && hasChanged(result) ? CLOSED : undefined),
  );
  if (decided === undefined) return false;
  const { narrowed, widened, decided: many } = decided.done;
  const counts = { decided: many, narrowed: narrowed.length, widened: widened.length };
  for (const [outcome, count] of Object.entries(counts))
    metrics.reevaluated.labels(realm.name, outcome).inc(count);
  return true;
}

function hasChanged({ done: { narrowed, widened } }: Decided): boolean {
  return narrowed.length + widened.length > 0;
}

/** One transaction in one producer's context. */
async function inTurn<T>(
  platform: Platform,
  realm: Realm,
  producer: number,
  work: (db: PoolClient, context: ReleaseContext) => Promise<T>,
  hintOf: (done: T) => string | undefined,
): Promise<T> {
  const organisation = await platform.directory.byId(producer);
  if (organisation === undefined) throw new Error("a producer is gone");
  const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
  return await releasing(platform, realm, async (db) => await work(db, context), hintOf);
}

/** That something was opened or closed stands in the activity log; of what, the log of releases tells whom it concerns. */
async function note(db: PoolClient, subject: string, decided: Decided): Promise<void> {
  if (!hasChanged(decided)) return;
  const { causes, done } = decided;
  const { narrowed, widened } = done;
  const fields = { narrowed: narrowed.length, widened: widened.length, causes };
  await appendEvent(db, { type: "objects-reevaluated.v1", actor: "suar", subject, fields });
}
