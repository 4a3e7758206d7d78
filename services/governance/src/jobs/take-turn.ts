import { type ReleaseContext, releaseContext, releasing } from "@suar/gate";
import {
  isConnectionLost,
  type Platform,
  type PoolClient,
  type Realm,
  readWholeStanding,
} from "@suar/runtime";
import { memberStanding } from "../member-standing.ts";
import { limitWaiting } from "../store/reevaluation.ts";
import type { StuckProducers, Task } from "../stuck-producers.ts";

/** Where pages are taken, and whose are not for now. */
export type Turns = { platform: Platform; realm: Realm; stuck: StuckProducers };

/** `hintOf`: what the pen is told where something was done. */
type Page<T> = {
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
  { work, hintOf }: Page<T>,
): Promise<T | undefined> {
  try {
    const organisation = await platform.directory.byId(producer);
    if (organisation === undefined) throw new Error("a producer is gone");
    const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
    const done = await releasing(
      platform,
      realm,
      async (db) => {
        await limitWaiting(db, stuck.patienceFor(task, producer));
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
