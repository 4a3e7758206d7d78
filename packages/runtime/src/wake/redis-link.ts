import { Redis } from "ioredis";
import { ConfigError } from "../config/config.ts";
import { inTime } from "../process/in-time.ts";
import type { Logger } from "../process/logger.ts";

const ANSWERS_WITHIN_MS = 3_000;
const ASKED_EVERY_MS = 5_000;

/**
 * Asks a Redis once, as a start does. Throws ConfigError where it does not answer or does not let us in: a wrong
 * address would otherwise show in nothing but slowness, since sweepers do the queue's work too.
 */
export async function reachRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWERS_WITHIN_MS,
    commandTimeout: ANSWERS_WITHIN_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The event says why; what is thrown says only that the connection is closed.
  let why: Error | undefined;
  redis.on("error", (error: Error) => {
    why ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw unreachable(url, why ?? (error as Error));
  } finally {
    redis.disconnect();
  }
}

/** The address without the password that it may hold. */
function unreachable(url: string, cause: Error): ConfigError {
  const { host } = new URL(url);
  if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(cause.message))
    return new ConfigError(`Redis at ${host} does not let Suar in (${cause.message}): look at REDIS_URL.`);
  const code = (cause as NodeJS.ErrnoException).code ?? cause.message;
  return new ConfigError(
    `Nothing answers at ${host} (${code}): is Redis (REDIS_URL) running there? Without REDIS_URL, PostgreSQL does its work.`,
  );
}

/**
 * Whether Redis is there: its connection, and an answer to a PING now and then, since a Redis that hangs closes
 * nothing. Its loss and its return are said once, and not at each try in between.
 */
export function watchRedis(redis: Redis, log: Logger): { away(): boolean; stop(): void } {
  let away = false;
  let asking = false;
  const lost = (): void => {
    if (away) return;
    away = true;
    log.warn("Redis (REDIS_URL) went away; workers do without it until it is back");
  };
  const back = (): void => {
    if (away) log.info("Redis (REDIS_URL) is back");
    away = false;
  };
  const ask = async (): Promise<void> => {
    if (asking || redis.status !== "ready") return;
    asking = true;
    const answer = redis.ping();
    // A late answer is one too: the connection never broke.
    void answer.then(back, lost).finally(() => {
      asking = false;
    });
    await inTime(answer, ANSWERS_WITHIN_MS, "a PING to Redis").catch(lost);
  };
  redis.on("close", lost).on("ready", back);
  const rounds = setInterval(ask, ASKED_EVERY_MS);
  rounds.unref();
  return {
    away: () => away,
    stop: () => {
      clearInterval(rounds);
      redis.off("close", lost).off("ready", back);
    },
  };
}
