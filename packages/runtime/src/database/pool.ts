import pg from "pg";
import type { Logger } from "../process/logger.ts";

// Counters and ids are int8; all of ours stay below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** What SQL functions take first: a pool, or the client of a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;
export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

export type PoolOptions = {
  url: string;
  max: number;
  searchPath: string;
  name: string;
  statementMs?: number;
  log: Logger;
};

/**
 * A small lazy pool. Timeouts are on the server, so that a stuck or cut-off process frees what it holds;
 * keep-alive finds a peer that vanished.
 */
export function createPool({ url, max, searchPath, name, statementMs = 60_000, log }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    min: 0,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: name,
    options: `-c search_path=${searchPath} -c statement_timeout=${statementMs} -c idle_in_transaction_session_timeout=30000 -c tcp_keepalives_idle=10`,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  // At its own end a pool does not wait for its sockets: a server that stops just then may be quicker.
  pool.on("error", (error) =>
    log[pool.ending ? "debug" : "warn"]({ err: error, pool: name }, "idle database connection lost"),
  );
  surviveLoss(pool, (error) => log.debug({ err: error, pool: name }, "database connection lost in use"));
  return pool;
}

/**
 * A client that is checked out but between two statements tells of its connection's end by an event of its
 * own; unheard, that would end the process. Its next statement fails, and that is where it is dealt with.
 */
export function surviveLoss(pool: pg.Pool, lost: (error: Error) => void): void {
  pool.on("connect", (client) => client.on("error", lost));
}

const CONNECTION_LOST = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08003",
  "08006",
]);

/** Tells whether an error means that PostgreSQL is away (and may come back), not that the statement was wrong. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code === "string" && CONNECTION_LOST.has(code)) return true;
  if (code === "ENOENT" && syscall === "connect") return true; // a server's socket while there is no server
  // The last is a pool that was closed with its realm (an archived drill) while a request was under way.
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|cannot use a pool after calling end/i.test(
    error.message,
  );
}

/** PostgreSQL's own code of what it refused; undefined of every other error, whatever its code looks like. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
