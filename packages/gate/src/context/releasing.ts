import { channels, type Platform, type PoolClient, type Realm, transaction } from "@suar/runtime";

/** What PostgreSQL says of a transaction that it ended so that others could go on: deadlock, serialization failure. */
const TO_BE_DONE_AGAIN: ReadonlySet<unknown> = new Set(["40P01", "40001"]);
const MOST_TRIES = 5;
const LONGEST_PAUSE_MS = 100;

/**
 * One transaction that releases, or takes back, and then the hint to the pen (`hintOf`: `CLOSED` where something was
 * closed; none where it turns out to have done nothing). It is done again, whole, where it was ended to free another: a release and a pass that decides
 * anew may wait for each other's audiences and decisions, which each of them makes in the order in which it comes by them.
 * So what `work` does besides the database it does more than once.
 */
export async function releasing<T>(
  { signals }: Pick<Platform, "signals">,
  realm: Pick<Realm, "name" | "write">,
  work: (db: PoolClient) => Promise<T>,
  hintOf: (done: T) => string | undefined = () => "",
): Promise<T> {
  const done = await againAfterDeadlock(async () => await transaction(realm.write, work));
  const hint = hintOf(done);
  if (hint !== undefined) signals.send(channels.release(realm.name), hint);
  return done;
}

async function againAfterDeadlock<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === MOST_TRIES || !TO_BE_DONE_AGAIN.has((error as { code?: unknown }).code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
    }
  }
}
