import { setTimeout as sleep } from "node:timers/promises";
import {
  closeNarrowed,
  type Reevaluation,
  type ReleaseContext,
  reevaluate,
  selectDueProducers,
  selectUndecided,
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
import { Rotation } from "../rotation.ts";
import type { Task } from "../setback.ts";
import { claimPass, type Go, noteClosing, notePage, selectWaiting } from "../store/reevaluation.ts";
import { StuckProducers } from "../stuck-producers.ts";
import { noticeChanges } from "./notice-changes.ts";
import { inTurn, knowStanding, type Turns, waitLong } from "./take-turn.ts";
import { WaitAside } from "./wait-aside.ts";

const LOOK_EVERY_MS = 1_000;
/** A release of the same producer waits for a page at most; whichever comes first ends one. */
const PAGE = { limit: 200, withinMs: 50 };
/** A statement about a victim may make thousands due: a release of the same producer waits for these at most. */
const DUE_AT_ONCE = 50;
/** What closes is waited for; a release in between finds its turn. */
const PAUSE_OF_CLOSING = 0.25;

/**
 * Decides released objects anew after something changed, a page of one producer's at a time, with pauses as long as the
 * pages. What narrows is closed first, of all producers; then everything is decided and told. A page, how far the pass is,
 * and what came of it are one transaction: a crash repeats nothing and forgets nothing, and of several processes each takes
 * the pages of another producer. What is due and what is told take turns, and so do producers: however much is due of one, it holds
 * up nobody. A producer whose page fails rests; an object that cannot be decided holds up nothing else of its producer.
 */
export function startDecidingAnew(platform: Platform, realm: Realm): Loop {
  const notice = noticeChanges(platform, realm);
  const stuck = new StuckProducers(realm.name, platform);
  const aside = new WaitAside({ db: realm.write, log: platform.log, ended: () => loop.wake() });
  const turns = { platform, realm, stuck, aside };
  const order: Order = { tasks: new Rotation(), due: new Rotation(), telling: new Rotation() };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isHinted = false;
  const step = async (): Promise<boolean> => {
    if (isHinted || performance.now() - lookedAt >= LOOK_EVERY_MS) {
      isHinted = false;
      await notice();
      lookedAt = performance.now();
    }
    return await takePage(turns, order);
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
      await aside.stop();
      stuck.clear();
      metrics.reevaluating.remove(realm.name);
    },
  };
}

/** Whose turn it is after what narrows is closed. */
type Told = "due" | "telling";
type Order = { tasks: Rotation<Told> } & Record<Told, Rotation<number>>;

const PAGES: Record<Told, (turns: Turns, producer: number) => Promise<boolean>> = {
  due: decideDue,
  telling: decidePage,
};

/** What narrows is not to be read while it waits to be told. */
async function takePage(turns: Turns, order: Order): Promise<boolean> {
  const { realm, stuck } = turns;
  const waiting = await selectWaiting(realm.write);
  const due = await selectDueProducers(realm.write);
  metrics.reevaluating.labels(realm.name).set(waiting.length);
  const at = (go: Go) => waiting.filter((one) => one.go === go).map(({ producer }) => producer);
  const tasks: Record<Task, readonly number[]> = { closing: at("closing"), due, telling: at("telling") };
  stuck.keep((task, producer) => tasks[task].includes(producer), await selectUndecided(realm.write));
  const began = performance.now();
  if ((await someOf(turns, "closing", tasks.closing, closeOrWait)) !== undefined) {
    await sleep((performance.now() - began) * PAUSE_OF_CLOSING);
    return true;
  }
  for (const task of order.tasks.order(["due", "telling"])) {
    const worked = await someOf(turns, task, order[task].order(tasks[task]), PAGES[task]);
    if (worked === undefined) continue;
    order.tasks.hadTurn(task);
    order[task].hadTurn(worked);
    await sleep(performance.now() - began);
    return true;
  }
  return false;
}

/** A page of the first of these who has one, and whose it was; undefined where nobody has. */
async function someOf(
  turns: Turns,
  task: Task,
  producers: readonly number[],
  page: (turns: Turns, producer: number) => Promise<boolean>,
): Promise<number | undefined> {
  for (const producer of producers)
    if (!turns.stuck.rests(task, producer) && (await page(turns, producer))) return producer;
  return undefined;
}

/** A page; or, where its lock was waited for in vain, false: it queues for that while others have their turn. */
async function closeOrWait(turns: Turns, producer: number): Promise<boolean> {
  const { realm, stuck, aside } = turns;
  if (aside.isFor(producer)) return false;
  // A drill has two connections to write: neither of them is for waiting.
  const isAside = realm.kind === "live" && stuck.isBusy("closing", producer) && !aside.isBusy;
  if (!isAside) return await closePage(turns, producer);
  aside.start(producer, async (waitsOn) => await closePage(turns, producer, waitLong(waitsOn)));
  return false;
}

async function closePage(
  turns: Turns,
  producer: number,
  wait?: ReturnType<typeof waitLong>,
): Promise<boolean> {
  const limit = turns.stuck.sizeFor("closing", producer, PAGE.limit);
  const done = await inTurn(turns, "closing", producer, {
    ...(wait && { wait }),
    work: async (db, context) => {
      const claimed = await claimPass(db, producer, "closing");
      if (claimed === undefined) return undefined;
      await knowStanding(db, turns, context.producer.member, claimed.standing);
      const closing = await closeNarrowed(db, context, { ...PAGE, limit, after: claimed.after });
      await noteClosing(db, producer, { after: closing.next, closed: closing.closed });
      return closing;
    },
    hintOf: (closing) => (closing.closed > 0 ? CLOSED : undefined),
  });
  logFailed(turns, producer, done?.failed);
  return done !== undefined;
}

function logFailed({ platform, realm }: Turns, producer: number, errors: readonly unknown[] = []): void {
  for (const error of errors)
    platform.log.error(
      { err: error, producer, realm: realm.name },
      "a release could not be decided anew; it is closed to everybody but its producer, and tried again",
    );
}

/** What has an end of its own that has come. */
async function decideDue(turns: Turns, producer: number): Promise<boolean> {
  return await decide(turns, "due", producer, async (db, context) => {
    const due = await takeDue(db, producer, turns.stuck.sizeFor("due", producer, DUE_AT_ONCE));
    return due.stixIds.length === 0
      ? undefined
      : { done: await reevaluate(db, context, due), causes: ["time"] };
  });
}

async function decidePage(turns: Turns, producer: number): Promise<boolean> {
  return await decide(turns, "telling", producer, async (db, context) => {
    const claimed = await claimPass(db, producer, "telling");
    if (claimed === undefined) return undefined;
    await knowStanding(db, turns, context.producer.member, claimed.standing);
    const limit = turns.stuck.sizeFor("telling", producer, PAGE.limit);
    const done = await reevaluate(db, context, { ...PAGE, limit, after: claimed.after });
    const { next: after, decided, narrowed, widened } = done;
    await notePage(db, producer, { after, decided, narrowed: narrowed.length, widened: widened.length });
    return { done, causes: claimed.causes };
  });
}

type Decided = { done: Reevaluation; causes: readonly string[] };

/** One transaction of one producer's; false where there was nothing to do. */
async function decide(
  turns: Turns,
  task: Task,
  producer: number,
  work: (db: PoolClient, context: ReleaseContext) => Promise<Decided | undefined>,
): Promise<boolean> {
  const decided = await inTurn(turns, task, producer, {
    work: async (db, context) => {
      const result = await work(db, context);
      if (result !== undefined) await note(db, context.producer.code, result);
      return result;
    },
    hintOf: (result) => (hasChanged(result) || result.done.failed.length > 0 ? CLOSED : undefined),
  });
  if (decided === undefined) return false;
  const errors = decided.done.failed.map(({ error }) => error);
  logFailed(turns, producer, errors);
  const { narrowed, widened, decided: many } = decided.done;
  const counts = { decided: many, narrowed: narrowed.length, widened: widened.length };
  for (const [outcome, count] of Object.entries(counts))
    metrics.reevaluated.labels(turns.realm.name, outcome).inc(count);
  return true;
}

function hasChanged({ done: { narrowed, widened } }: Decided): boolean {
  return narrowed.length + widened.length > 0;
}

/** That something was opened or closed stands in the activity log; of what, the log of releases tells whom it concerns. */
async function note(db: PoolClient, subject: string, decided: Decided): Promise<void> {
  if (!hasChanged(decided)) return;
  const { causes, done } = decided;
  const { narrowed, widened } = done;
  const fields = { narrowed: narrowed.length, widened: widened.length, causes };
  await appendEvent(db, { type: "objects-reevaluated.v1", actor: "suar", subject, fields });
}
