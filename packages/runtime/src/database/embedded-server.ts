import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Cluster, commandOf, DataDirectoryError, makeOwned } from "./embedded-cluster.ts";
import { otherSecret } from "./secret-check.ts";

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  max_connections: "200",
  shared_buffers: "192MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  synchronous_commit: "on",
  jit: "off",
  log_min_messages: "warning",
  // No statement and no detail in the server's log: both could hold content.
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};

/** Returns the port of the running server, starting it when it does not run. */
export async function ensureRunning(cluster: Cluster, wanted?: number): Promise<number> {
  const running = await findRunning(cluster);
  if (running !== undefined) return running;
  const port = wanted ?? (await freePort());
  const ended = launch(cluster, port);
  try {
    return await untilItAnswers(cluster, port, ended);
  } catch (error) {
    // Ours, which nobody else would stop; where it ended by itself, what runs there is not ours.
    if (ended() === undefined) await stopServer(cluster);
    throw error;
  }
}

const PATIENCE_MS = 60_000;

/**
 * The port of the server that runs on the data; undefined when none does. One that is starting, stopping or slow
 * is waited for: a second one beside it would take its socket away.
 */
export async function findRunning(cluster: Cluster): Promise<number | undefined> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const running = readPostmaster(cluster);
    const answer = running === undefined ? "nobody" : await ask(cluster, running.port, 5_000);
    if (running === undefined || answer === "nobody") return undefined;
    if (answer === "ready") return running.port;
    if (Date.now() > end)
      throw new DataDirectoryError(
        `A PostgreSQL (process ${running.pid}) holds ${cluster.data} and does not answer. End that process, and start again.`,
      );
    await sleep(100);
  }
}

async function untilItAnswers(
  cluster: Cluster,
  port: number,
  ended: () => string | undefined,
): Promise<number> {
  const logFile = join(cluster.directory, "postgres.log");
  for (let tries = 0; tries < 600; tries++) {
    if ((await ask(cluster, port, 1_000)) === "ready") return port;
    const how = ended();
    if (how !== undefined) throw new DataDirectoryError(`PostgreSQL did not start (${how}); see ${logFile}`);
    await sleep(tries < 100 ? 25 : 100);
  }
  throw new DataDirectoryError(`PostgreSQL did not answer within a minute; see ${logFile}`);
}

/** Starts the server in a process group of its own. What it returns tells how it ended, if it did. */
function launch(cluster: Cluster, port: number): () => string | undefined {
  const logFile = openSync(join(cluster.directory, "postgres.log"), "a", 0o600);
  const settings = {
    ...SETTINGS,
    unix_socket_directories: makeSocketDirectory(cluster, port),
    ...(cluster.durable === false ? { fsync: "off", full_page_writes: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command, args] = commandOf(cluster, cluster.binaries.postgres, [
    "-D",
    cluster.data,
    "-p",
    String(port),
    ...flags,
  ]);
  const { uid, gid } = cluster.runAs;
  const child = spawn(command, args, {
    ...(uid === undefined ? {} : { uid, gid }),
    cwd: cluster.data,
    detached: true,
    stdio: ["ignore", logFile, logFile],
  });
  closeSync(logFile);
  child.unref();
  let exited: string | undefined;
  child.once("error", (error) => {
    exited = error.message;
  });
  child.once("exit", (code, signal) => {
    exited = `it ended with ${code ?? signal}`;
  });
  return () => exited;
}

function readPostmaster(cluster: Cluster): { pid: number; port: number } | undefined {
  const file = join(cluster.data, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => Number(line.trim()));
  return pid === undefined || port === undefined || !isAlive(pid) ? undefined : { pid, port };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * The superuser's connection to a database of the server: over its socket, which costs a tenth less of
 * everything than loopback, where there is one.
 */
export function urlOf(cluster: Cluster, port: number, database: string): string {
  const host = existsSync(socketOf(cluster, port))
    ? encodeURIComponent(socketDirectory(cluster))
    : "127.0.0.1";
  return `postgres://postgres:${encodeURIComponent(cluster.password)}@${host}:${port}/${database}`;
}

/** What systems allow a socket's path to have, less the terminator: 104 on macOS, 108 on Linux. */
const LONGEST_SOCKET_PATH = 103;

function socketDirectory(cluster: Cluster): string {
  return join(cluster.directory, "run");
}

function socketOf(cluster: Cluster, port: number): string {
  return join(socketDirectory(cluster), `.s.PGSQL.${port}`);
}

/** An empty directory for the socket, as the setting names it; none where its path were too long. */
function makeSocketDirectory(cluster: Cluster, port: number): string {
  const directory = socketDirectory(cluster);
  rmSync(directory, { recursive: true, force: true }); // a server that was killed leaves its socket behind
  if (process.platform === "win32" || Buffer.byteLength(socketOf(cluster, port)) > LONGEST_SOCKET_PATH)
    return "";
  makeOwned(cluster, directory);
  return `"${directory.replaceAll('"', '""')}"`;
}

/** PostgreSQL's invalid_password and cannot_connect_now (starting up, shutting down). */
const WRONG_PASSWORD = "28P01";
const NOT_NOW = "57P03";

/** Whether a server serves at the port, is there and does not, or is not there at all. */
async function ask(cluster: Cluster, port: number, withinMs: number): Promise<"ready" | "busy" | "nobody"> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, "postgres"),
    connectionTimeoutMillis: withinMs,
  });
  client.on("error", () => undefined); // a server that is going down ends the connection; the answer tells
  try {
    await client.connect();
    await client.query("SELECT 1");
    return "ready";
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code === WRONG_PASSWORD) throw otherSecret(cluster.directory);
    return code === NOT_NOW || message === "timeout expired" ? "busy" : "nobody";
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function ensureDatabase(cluster: Cluster, port: number, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(cluster, port, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    // Two processes at once: the other one was faster.
    if ((error as { code?: string }).code !== "42P04" && (error as { code?: string }).code !== "23505")
      throw error;
  } finally {
    await client.end();
  }
}

export async function stopServer(cluster: Cluster): Promise<void> {
  const running = readPostmaster(cluster);
  if (running === undefined) return;
  process.kill(running.pid, "SIGINT"); // fast shutdown: rolls back what is open, writes a checkpoint
  for (let tries = 0; tries < 400 && isAlive(running.pid); tries++) await sleep(10);
  if (isAlive(running.pid)) cluster.log.warn("the embedded PostgreSQL is still writing its checkpoint");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
