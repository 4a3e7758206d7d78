import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import pg from "pg";
import { surviveLoss } from "../database/pool.ts";
import { CORE_ROLE, roleUrl } from "../database/roles.ts";
import type { Secrets } from "../keys/secrets.ts";
import type { Logger } from "../process/logger.ts";

/**
 * Hints between processes: "there is something new, look". They may be lost, doubled or late and nothing
 * breaks, since whoever listens also polls (DESIGN 1.1). Sent after commit, never inside a transaction.
 */
export type Signals = {
  /** Sends a hint; never throws. Hints of one channel that come while one is on its way are joined. */
  send(channel: string, text?: string): void;
  listen(channel: string, heard: (text: string) => void): () => void;
  close(): Promise<void>;
};

type Wire = { publish(message: string): Promise<void>; close(): Promise<void> };
type Heard = (sender: string, channel: string, text: string) => void;

/** The one PostgreSQL or Redis channel; ours are inside the message, so that LISTEN is said once. */
const WIRE = "suar_signals";

export function createSignals(options: {
  databaseUrl: string;
  redisUrl: string | undefined;
  secrets: Secrets;
  log: Logger;
}): Signals {
  const listeners = new Map<string, Set<(text: string) => void>>();
  const self = randomUUID();
  const tell = (channel: string, text: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener(text);
  };
  // This process has told itself already.
  const heard: Heard = (sender, channel, text) => {
    if (sender !== self) tell(channel, text);
  };
  const wire =
    options.redisUrl === undefined
      ? postgresWire(roleUrl(options.databaseUrl, CORE_ROLE, options.secrets), heard, options.log)
      : redisWire(options.redisUrl, heard, options.log);
  const sending = new Map<string, string | null>();
  const send = (channel: string, text: string): void => {
    if (sending.has(channel)) {
      sending.set(channel, text);
      return;
    }
    sending.set(channel, null);
    wire
      .publish(`${self} ${channel} ${text}`)
      .catch((error: unknown) =>
        options.log.debug({ err: error, channel }, "hint not sent; pollers will see"),
      )
      .finally(() => {
        const next = sending.get(channel);
        sending.delete(channel);
        if (typeof next === "string") send(channel, next);
      });
  };
  return {
    send: (channel, text = "") => {
      queueMicrotask(() => tell(channel, text));
      send(channel, text);
    },
    listen: (channel, listener) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return () => set.delete(listener);
    },
    close: async () => await wire.close(),
  };
}

/** `<sender> <channel> <text>` */
function decode(message: string, heard: Heard): void {
  const [, sender, channel, text] = /^(\S+) (\S+) (.*)$/s.exec(message) ?? [];
  if (sender !== undefined && channel !== undefined && text !== undefined) heard(sender, channel, text);
}

function postgresWire(url: string, heard: Heard, log: Logger): Wire {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    min: 0,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: "suar-signals",
  });
  pool.on("error", (error) => log.debug({ err: error }, "signals connection lost"));
  surviveLoss(pool, (error) => log.debug({ err: error }, "signals connection lost in use"));
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: "suar-listen" });
    const lost = (): void => {
      if (closed || client !== next) return;
      client = undefined;
      retry = setTimeout(start, 200);
    };
    next.on("error", lost);
    next.on("end", lost);
    next.on("notification", ({ payload }) => decode(payload ?? "", heard));
    client = next;
    await next.connect();
    await next.query(`LISTEN ${WIRE}`);
  };
  const start = (): void => {
    connect().catch((error: unknown) => {
      log.debug({ err: error }, "cannot listen for hints yet");
      client = undefined;
      if (!closed) retry = setTimeout(start, 500);
    });
  };
  start();
  return {
    publish: async (message) => {
      await pool.query("SELECT pg_notify($1, $2)", [WIRE, message]);
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await Promise.allSettled([client?.end(), pool.end()]);
    },
  };
}

function redisWire(url: string, heard: Heard, log: Logger): Wire {
  const connect = (offline: boolean): Redis => {
    const redis = new Redis(url, {
      maxRetriesPerRequest: offline ? null : 1,
      enableOfflineQueue: offline,
      retryStrategy: (times) => Math.min(times * 100, 1_000),
    });
    redis.on("error", (error) => log.debug({ err: error }, "signals connection lost"));
    return redis;
  };
  const sender = connect(false);
  const listener = connect(true);
  listener.on("message", (_channel: string, message: string) => decode(message, heard));
  listener
    .subscribe(WIRE)
    .catch((error: unknown) => log.debug({ err: error }, "cannot listen for hints yet"));
  return {
    publish: async (message) => {
      await sender.publish(WIRE, message);
    },
    close: async () => {
      sender.disconnect();
      listener.disconnect();
    },
  };
}

/** Says of releases that something may be closed to somebody by them. */
export const CLOSED = "closed";

/** The channels there are. */
export const channels = {
  /** Releases wait for the pen. */
  release: (realm: string) => `release:${realm}`,
  /** The log has new entries. */
  log: (realm: string) => `log:${realm}`,
  /** Keys, people or members changed. */
  credentials: "credentials",
  /** Policies or agreements changed. */
  standing: "standing",
  /** A realm was made or archived. */
  realms: "realms",
} as const;
