import { setTimeout as sleep } from "node:timers/promises";
import type { JobDefinition } from "@suar/contract";
import type { JobsOptions, Queue, Worker } from "bullmq";
import { inTime } from "../process/in-time.ts";
import type { Logger } from "../process/logger.ts";
import { watchHearing } from "./hearing.ts";
import { createOwnHands } from "./own-hands.ts";

export type QueueWorker = { close(): Promise<void> };
/** `stopping` is told when the worker closes: who works long stops at the next good place then. */
export type JobHandler = { job: JobDefinition; run(payload: unknown, stopping: AbortSignal): Promise<void> };

/** What is used of BullMQ's classes, whichever backend they are bound to. */
export type Producer = Pick<Queue, "close"> & {
  waitUntilReady(): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
};
type Consumer = Pick<Worker, "close"> & {
  waitUntilReady(): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(
    event: "failed",
    listener: (job: { name: string; attemptsMade: number } | undefined, error: Error) => void,
  ): unknown;
};
export type Engine = {
  queue(name: string): Producer;
  worker(
    name: string,
    process: (name: string, data: unknown) => Promise<void>,
    concurrency: number,
  ): Consumer;
  reach(): Promise<void>;
  away(): boolean;
  close(): Promise<void>;
};

const BEGIN_AGAIN_MS = 500;
/** So often it is looked whether a worker still hears; twice that long a deaf one delays what waits for it. */
const LOOK_MS = 10_000;
/** What is closed says goodbye to its engine, in a few milliseconds; one that is away would be waited for in vain. */
const GOODBYE_MS = 500;

/** `runHere` does a job without the queue, while that is away. */
export type RunningWorker = QueueWorker & { runHere(job: string, key: string, data: unknown): void };

/** Takes jobs of a queue until it is closed; `waiting` tells how many wait there. */
export function startWorker(
  engine: Engine,
  log: Logger,
  { name, waiting }: { name: string; waiting(): Promise<number> },
  handlers: readonly JobHandler[],
  concurrency: number,
): RunningWorker {
  const stopping = new AbortController();
  const byName = new Map(handlers.map((handler) => [handler.job.name as string, handler]));
  const hands = createOwnHands(concurrency, log);
  const underWay = new Set<Promise<void>>();
  let taken = 0;
  const run = async (job: string, data: unknown): Promise<void> => {
    const handler = byName.get(job);
    if (handler === undefined) throw new Error(`no handler for ${job}`);
    taken += 1;
    const running = handler.run(data, stopping.signal);
    underWay.add(running);
    await running.finally(() => underWay.delete(running));
  };
  const begin = (): Consumer => {
    const begun = engine.worker(name, run, concurrency);
    begun.on("error", (error) => log.debug({ err: error, queue: name }, "worker connection"));
    begun.on("failed", (job, error) =>
      log.warn({ err: error, queue: name, job: job?.name, attempt: job?.attemptsMade }, "job failed"),
    );
    begun.waitUntilReady().catch(async (error: unknown) => {
      log.debug({ err: error, queue: name }, "a worker did not begin; another is begun");
      closeQuietly(begun);
      await sleep(BEGIN_AGAIN_MS);
      if (!stopping.signal.aborted) worker = begin();
    });
    return begun;
  };
  let worker = begin();
  const heard = { waiting, begun: () => taken, underWay: () => underWay.size };
  const beginAnew = (): void => {
    log.warn({ queue: name }, "a worker took nothing while jobs waited: another is begun");
    closeQuietly(worker);
    worker = begin();
  };
  const hearing = watchHearing(heard, beginAnew, LOOK_MS);
  return {
    runHere: (job, key, data) => hands.take(`${job}/${key}`, async () => await run(job, data)),
    close: async () => {
      stopping.abort();
      hearing.stop();
      hands.drop();
      const closed = worker.close();
      await Promise.allSettled(underWay); // jobs end at a good place; only what the queue says after them is not waited for
      await sayGoodbye(closed, log);
    },
  };
}

export async function sayGoodbye(closed: Promise<void>, log: Logger): Promise<void> {
  await inTime(closed, GOODBYE_MS, "closing the queue").catch((error: unknown) =>
    log.debug({ err: error }, "the queue was left without a goodbye"),
  );
}

/**
 * BullMQ looks at its database once when it begins, and when that look fails it remembers so for good: what was
 * begun while PostgreSQL was away would be deaf for ever. It is thrown away and begun anew.
 */
export function closeQuietly(deaf: Producer | Consumer): void {
  deaf.close().catch(() => undefined); // it never had anything that could be lost
}
