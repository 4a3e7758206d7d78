/** What PostgreSQL says of a transaction that it ended so that others could go on: deadlock, serialization failure. */
const TO_BE_DONE_AGAIN: ReadonlySet<unknown> = new Set(["40P01", "40001"]);
const MOST_TRIES = 5;
const LONGEST_PAUSE_MS = 100;

/**
 * Does a whole transaction again that was ended to free another. A release and a pass that decides anew may wait for each
 * other's audiences and decisions, which each of them makes in the order in which it comes by them.
 */
export async function againAfterDeadlock<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === MOST_TRIES || !TO_BE_DONE_AGAIN.has((error as { code?: unknown }).code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
    }
  }
}
