import { setTimeout as sleep } from "node:timers/promises";
import {
  closeNarrowed,
  type Reevaluation,
  type ReleaseContext,
  reevaluate,
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
import { StuckProducers, type Task } from "../stuck-producers.ts";
import { noticeChanges } from "./notice-changes.ts";
import { inTurn, knowStanding, type Turns } from "./take-turn.ts";

const LOOK_EVERY_MS = 1_000;
/** A release of the same producer waits for a page at most; whichever comes first ends one. */
const PAGE = { limit: 200, withinMs: 50 };
/** A statement about a victim may make thousands due: a release of the same producer waits for these at most. */
const DUE_AT_ONCE = 5;
/** What closes is waited for; a release in between finds its turn. */
const PAUSE_OF_CLOSING = 0.25;

/**
 * Decides released objects anew after something changed, a page of one producer's at a time, with pauses as long as the
 * pages. What narrows is closed first, of all producers; then everything is decided and told. A page, how far the pass is,
 * and what came of it are one transaction: a crash repeats nothing and forgets nothing, and of several processes each takes
 * the pages of another producer. A producer whose page fails rests, and holds up nobody else.
 */
export function startDecidingAnew(platform: Platform, realm: Realm): Loop {
  const notice = noticeChanges(platform, realm);
  const turns = { platform, realm, stuck: new StuckProducers(realm.name, platform) };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isHinted = false;
  const step = async (): Promise<boolean> => {
    if (isHinted || performance.now() - lookedAt >= LOOK_EVERY_MS) {
      isHinted = false;
      await notice();
      lookedAt = performance.now();
    }
    return await takePage(turns);
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

/** What narrows is not to be read while it waits to be told. */
async function takePage(turns: Turns): Promise<boolean> {
  const { realm, stuck } = turns;
  const waiting = await selectWaiting(realm.write);
  const due = await selectDueProducers(realm.write);
  metrics.reevaluating.labels(realm.name).set(waiting.length);
  const at = (go: Go) => waiting.filter((one) => one.go === go).map(({ producer }) => producer);
  const tasks: Record<Task, readonly number[]> = { closing: at("closing"), due, telling: at("telling") };
  stuck.keep((task, producer) => tasks[task].includes(producer));
  const began = performance.now();
  if (await someOf(turns, "closing", tasks.closing, closePage)) {
    await sleep((performance.now() - began) * PAUSE_OF_CLOSING);
    return true;
  }
  const worked =
    (await someOf(turns, "due", tasks.due, decideDue)) ||
    (await someOf(turns, "telling", tasks.telling, decidePage));
  if (worked) await sleep(performance.now() - began);
  return worked;
}

/** A page of the first of these who has one; false where nobody has. */
async function someOf(
  turns: Turns,
  task: Task,
  producers: readonly number[],
  page: (turns: Turns, producer: number) => Promise<boolean>,
): Promise<boolean> {
  for (const producer of producers)
    if (!turns.stuck.rests(task, producer) && (await page(turns, producer))) return true;
  return false;
}

async function closePage(turns: Turns, producer: number): Promise<boolean> {
  const done = await inTurn(turns, "closing", producer, {
    work: async (db, context) => {
      const claimed = await claimPass(db, producer, "closing");
      if (claimed === undefined) return undefined;
      await knowStanding(db, turns, context.producer.member, claimed.standing);
      const closing = await closeNarrowed(db, context, { ...PAGE, after: claimed.after });
      await noteClosing(db, producer, { after: closing.next, closed: closing.closed });
      return closing;
    },
    hintOf: (closing) => (closing.closed > 0 ? CLOSED : undefined),
  });
  for (const error of done?.failed ?? [])
    turns.platform.log.error(
      { err: error, producer, realm: turns.realm.name },
      "a release cannot be decided anew; it is closed to everybody but its producer",
    );
  return done !== undefined;
}

/** What has an end of its own that has come. */
async function decideDue(turns: Turns, producer: number): Promise<boolean> {
  return await decide(turns, "due", producer, async (db, context) => {
    const stixIds = await takeDue(db, producer, DUE_AT_ONCE);
    return stixIds.length === 0
      ? undefined
      : { done: await reevaluate(db, context, { stixIds }), causes: ["time"] };
  });
}

async function decidePage(turns: Turns, producer: number): Promise<boolean> {
  return await decide(turns, "telling", producer, async (db, context) => {
    const claimed = await claimPass(db, producer, "telling");
    if (claimed === undefined) return undefined;
    await knowStanding(db, turns, context.producer.member, claimed.standing);
    const done = await reevaluate(db, context, { ...PAGE, after: claimed.after });
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
    hintOf: (result) => (hasChanged(result) ? CLOSED : undefined),
  });
  if (decided === undefined) return false;
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
