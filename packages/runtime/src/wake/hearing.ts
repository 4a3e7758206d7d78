/** What a worker is asked: how many jobs wait for it, how many it has begun so far, and how many it has in its hands. */
export type Heard = { waiting(): Promise<number>; begun(): number; underWay(): number };

/**
 * A worker that begins nothing while jobs wait and it has none in its hands, from one look to the next, is deaf: `again` is
 * called. A connection that dies while BullMQ asks to be told of jobs (LISTEN) may leave its question without an answer for
 * good, and what is woken by the same key later tells nobody anything new. A queue that cannot be asked is no sign of it.
 */
export function watchHearing(heard: Heard, again: () => void, everyMs: number): { stop(): void } {
  let before: number | undefined;
  const look = async (): Promise<void> => {
    const jobs = heard.underWay() > 0 ? 0 : await heard.waiting().catch(() => 0);
    const begun = jobs > 0 && heard.underWay() === 0 ? heard.begun() : undefined;
    const isDeaf = begun !== undefined && begun === before;
    before = isDeaf ? undefined : begun;
    if (isDeaf) again();
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
