import type { Logger } from "../process/logger.ts";

const MOST_WAITING = 1_000;

/** Work that a process does by itself while its queue is away. */
export type OwnHands = {
  /** Runs a task soon, unless one of its key waits or runs, or too many wait: a sweeper asks again. */
  take(key: string, task: () => Promise<void>): void;
  /** Forgets what waits; what runs ends by itself. */
  drop(): void;
};

/** At most `atOnce` tasks run at a time, the others in the order in which they came. A failure is logged. */
export function createOwnHands(atOnce: number, log: Logger): OwnHands {
  const waiting = new Map<string, () => Promise<void>>();
  const running = new Set<string>();
  const next = (): void => {
    const [first] = waiting;
    if (first === undefined || running.size >= atOnce) return;
    const [key, task] = first;
    waiting.delete(key);
    running.add(key);
    task()
      .catch((error: unknown) => log.warn({ err: error, key }, "work without the queue failed"))
      .finally(() => {
        running.delete(key);
        next();
      });
  };
  return {
    take: (key, task) => {
      if (running.has(key) || waiting.has(key) || waiting.size >= MOST_WAITING) return;
      waiting.set(key, task);
      next();
    },
    drop: () => waiting.clear(),
  };
}
