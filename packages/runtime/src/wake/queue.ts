import type { JobDefinition } from "@suar/contract";
import { createPostgresBackend, type JobsOptions, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import type { z } from "zod";
import { QUEUE_SCHEMA } from "../database/migrate.ts";
import { surviveLoss } from "../database/pool.ts";
import { CORE_ROLE, roleUrl } from "../database/roles.ts";
import type { Secrets } from "../keys/secrets.ts";
import { inTime } from "../process/in-time.ts";
import type { Logger } from "../process/logger.ts";
import { reachRedis, watchRedis } from "./redis-link.ts";
import {
  closeQuietly,
  type Engine,
  type JobHandler,
  type Producer,
  type QueueWorker,
  type RunningWorker,
  sayGoodbye,
  startWorker,
} from "./running-worker.ts";

/**
 * Wakes workers; keeps no state of its own (DESIGN 1.5). Losing the whole queue loses nothing: rows in
 * PostgreSQL say what is to be done, and sweepers enqueue again what was forgotten. This file and
 * `running-worker.ts` alone know BullMQ; it runs on PostgreSQL or on Redis, decided once.
 */
export type JobQueue = {
  /**
   * Enqueues after commit. While a job with the same `key` waits, a second one is not added; while it runs,
   * the job's definition says what happens. Never throws: a lost wake is a sweeper's work. While Redis is away,
   * a process that takes such jobs does this one itself.
   */
  wake<P extends z.ZodType>(
    realm: string,
    job: JobDefinition<P>,
    payload: z.infer<P>,
    key: string,
  ): Promise<void>;
  /** Takes the jobs of one service's queue in one realm. */
  work(
    realm: string,
    queue: string,
    handlers: readonly JobHandler[],
    concurrency: number,
  ): Promise<QueueWorker>;
  /** Rejects with a ConfigError when the Redis that it is to run on cannot be reached; for a start. */
  reach(): Promise<void>;
  /** Whether its Redis is away just now. On PostgreSQL it is there when the database is. */
  away(): boolean;
  close(): Promise<void>;
};
/** Ties a job's definition to its handler; the payload is parsed here, at the consuming end. */
export function handleJob<P extends z.ZodType>(
  job: JobDefinition<P>,
  run: (payload: z.infer<P>, stopping: AbortSignal) => Promise<void>,
): JobHandler {
  return { job, run: async (payload, stopping) => await run(job.payload.parse(payload), stopping) };
}

export type QueueOptions = {
  databaseUrl: string;
  redisUrl: string | undefined;
  secrets: Secrets;
  log: Logger;
};

const KEPT = { removeOnComplete: { count: 0 }, removeOnFail: { count: 200 } };
const SLOWEST_WAKE_MS = 3_000;
/**
 * A job that was a killed worker's is another's within some 15 seconds: its lock ends, and one of the next looks
 * takes it back. A worker that only seemed dead does no harm: rows are fenced. A connection that was lost is tried
 * again after a second.
 */
const LOSSES = { lockDuration: 10_000, stalledInterval: 5_000, runRetryDelay: 1_000 };

export function createQueue(options: QueueOptions): JobQueue {
  const engine =
    options.redisUrl === undefined ? postgresEngine(options) : redisEngine(options.redisUrl, options.log);
  const queues = new Map<string, Producer>();
  const workers = new Map<string, RunningWorker>();
  const queueOf = (name: string): Producer => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const made = engine.queue(name);
    made.on("error", (error) => options.log.debug({ err: error, queue: name }, "queue connection"));
    queues.set(name, made);
    made.waitUntilReady().catch((error: unknown) => {
      options.log.debug({ err: error, queue: name }, "a queue did not begin; the next wake begins another");
      queues.delete(name);
      closeQuietly(made);
    });
    return made;
  };
  return {
    wake: async (realm, job, payload, key) => {
      const data = job.payload.parse(payload);
      const name = nameOf(realm, job.queue);
      if (engine.away()) {
        workers.get(name)?.runHere(job.name, key, data);
        return;
      }
      const added = queueOf(name).add(job.name, data, {
        ...KEPT,
        attempts: job.attempts,
        backoff: { type: "exponential", delay: 200, jitter: 0.5 },
        ...sameKey(job, `${job.name}/${key}`),
      });
      try {
        await inTime(added, SLOWEST_WAKE_MS, "adding to the queue");
      } catch (error) {
        added.catch(() => undefined); // reported just now
        options.log.warn({ err: error, job: job.name, key }, "could not wake a worker; the sweeper will");
      }
    },
    work: async (realm, service, handlers, concurrency) => {
      const name = nameOf(realm, service);
      const waiting = async () => (engine.away() ? 0 : await queueOf(name).getWaitingCount());
      const worker = startWorker(engine, options.log, { name, waiting }, handlers, concurrency);
      workers.set(name, worker);
      return {
        close: async () => {
          workers.delete(name);
          await worker.close();
        },
      };
    },
    reach: engine.reach,
    away: engine.away,
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => sayGoodbye(queue.close(), options.log)));
      await sayGoodbye(engine.close(), options.log);
    },
  };
}

/** The name of a service's queue in a realm. */
function nameOf(realm: string, service: string): string {
  return `${realm}-${service}`;
}

function sameKey({ whileRunning }: JobDefinition, id: string): JobsOptions {
  // A job's own id costs a third less than deduplication.
  return whileRunning === "nothing" ? { jobId: id } : { deduplication: { id, keepLastIfActive: true } };
}

function postgresEngine({ databaseUrl, secrets, log }: QueueOptions): Engine {
  // A worker's LISTEN holds a connection of the pool for as long as it lives.
  const pool = new pg.Pool({
    connectionString: roleUrl(databaseUrl, CORE_ROLE, secrets),
    max: 60,
    min: 0,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: "suar-queue",
    // The queue may forget: what it holds are hints.
    options: `-c search_path=${QUEUE_SCHEMA} -c synchronous_commit=off`,
  });
  pool.setMaxListeners(0);
  pool.on("error", (error) => log.debug({ err: error }, "queue connection lost"));
  surviveLoss(pool, (error) => log.debug({ err: error }, "queue connection lost in use"));
  const shared = { connection: pool };
  return {
    queue: (name) => new Queue(name, shared, createPostgresBackend),
    worker: (name, process, concurrency) =>
      new Worker(
        name,
        async (job) => await process(job.name, job.data),
        { ...shared, concurrency, ...KEPT, ...LOSSES },
        createPostgresBackend,
      ),
    reach: async () => undefined,
    away: () => false,
    close: async () => await pool.end(),
  };
}

function redisEngine(url: string, log: Logger): Engine {
  const connect = (forWorker: boolean): Redis => {
    const redis = new Redis(url, {
      maxRetriesPerRequest: forWorker ? null : 1,
      enableOfflineQueue: forWorker,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    });
    redis.on("error", (error) => log.debug({ err: error }, "redis connection"));
    return redis;
  };
  const forQueues = connect(false);
  const forWorkers = connect(true);
  let link: ReturnType<typeof watchRedis> | undefined; // from a start on: an errand beside it has nothing to tell
  return {
    queue: (name) => new Queue(name, { connection: forQueues, prefix: "suar" }),
    worker: (name, process, concurrency) =>
      new Worker(name, async (job) => await process(job.name, job.data), {
        connection: forWorkers,
        prefix: "suar",
        concurrency,
        ...KEPT,
        ...LOSSES,
      }),
    reach: async () => {
      await reachRedis(url);
      link = watchRedis(forQueues, log);
    },
    away: () => link?.away() ?? false,
    close: async () => {
      link?.stop();
      forQueues.disconnect();
      forWorkers.disconnect();
    },
  };
}
