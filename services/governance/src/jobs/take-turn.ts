import { lockStanding, type ReleaseContext, releaseContext, releasing } from "@suar/gate";
import {
  isConnectionLost,
  type Platform,
  type PoolClient,
  type Realm,
  readWholeStanding,
} from "@suar/runtime";
import { memberStanding } from "../member-standing.ts";
import type { Task } from "../setback.ts";
import { limitWaiting } from "../store/reevaluation.ts";
import type { StuckProducers } from "../stuck-producers.ts";
import type { WaitAside } from "./wait-aside.ts";

/** Where pages are taken, whose are not for now, and who is waited for meanwhile. */
export type Turns = { platform: Platform; realm: Realm; stuck: StuckProducers; aside: WaitAside };

/** So long one queues for its lock beside the turns of the others. */
const LONG_PATIENCE_MS = 30_000;
const ONCE_HELD_MS = 2_000;

/** `hintOf`: what the pen is told where something was done. `wait`: how the producer's lock is waited for. */
type Page<T> = {
  wait?: (db: PoolClient, context: ReleaseContext) => Promise<unknown>;
  work(db: PoolClient, context: ReleaseContext): Promise<T | undefined>;
  hintOf(done: T): string | undefined;
};

/**
 * One transaction in one producer's context, which waits for its lock for a moment only. Undefined where there was nothing to
 * do, and where it failed: then the producer rests. Throws where the database is away, which is nobody's own.
 */
export async function inTurn<T>(
  { platform, realm, stuck }: Turns,
  task: Task,
  producer: number,
  { work, hintOf, wait = waitInTurn(stuck.patienceFor(task, producer)) }: Page<T>,
): Promise<T | undefined> {
  try {
    const organisation = await platform.directory.byId(producer);
    if (organisation === undefined) throw new Error("a producer is gone");
    const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
    const done = await releasing(
      platform,
      realm,
      async (db) => {
        await wait(db, context);
        return await work(db, context);
      },
      (result) => (result === undefined ? undefined : hintOf(result)),
    );
    if (done !== undefined) stuck.worked(task, producer);
    return done;
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    stuck.failed(task, producer, error);
    return undefined;
  }
}

function waitInTurn(patience: number) {
  return async (db: PoolClient) => await limitWaiting(db, patience);
}

/**
 * Queues for the lock before anything else is locked, so that whoever begins another pass meanwhile does not wait with it:
 * however many release without a break, its turn comes.
 */
export function waitLong(waitsOn: (pid: number | undefined) => void) {
  return async (db: PoolClient, context: ReleaseContext) => {
    waitsOn(await limitWaiting(db, LONG_PATIENCE_MS));
    try {
      await lockStanding(db, context);
    } finally {
      waitsOn(undefined);
    }
    await limitWaiting(db, ONCE_HELD_MS);
  };
}

/**
 * What a pass was begun for may be newer than what this process remembers: another one saw it. Where the two differ it is
 * read and verified anew, and `lockStanding` finds that the context is not true any more.
 */
export async function knowStanding(
  db: PoolClient,
  { platform: { trust } }: Turns,
  member: string,
  standing: string,
): Promise<void> {
  if (memberStanding(await readWholeStanding(db, trust), member) === standing) return;
  await readWholeStanding(db, trust, "verified");
}
