import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../logger.ts";
import { chooseUser, type EmbeddedBinaries, findBinaries, type RunAs } from "./embedded-binaries.ts";

/**
 * A PostgreSQL of our own in a data directory. The server is a process of its own group, so that Ctrl-C in a
 * terminal reaches us and not it; when we are killed it stays, and the next start finds and adopts it. One
 * session-level advisory lock says whose it is: it goes when its holder dies.
 */
export type EmbeddedDatabase = {
  url: string;
  stop(): Promise<void>;
};

export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
}

type Options = { directory: string; password: string; log: Logger; durable?: boolean; database?: string };
type Cluster = Options & { binaries: EmbeddedBinaries; runAs: RunAs; data: string };

/** Starts (or adopts) the server, takes the lock, and restarts the server when it dies under us. */
export async function startEmbedded(options: Options): Promise<EmbeddedDatabase> {
  const binaries = findBinaries();
  const data = join(options.directory, "postgres");
  makeDirectories(options.directory, data);
  const cluster: Cluster = {
    ...options,
    binaries,
    data,
    runAs: chooseUser(binaries.postgres, options.directory),
  };
  handOver(cluster);
  if (!existsSync(join(cluster.data, "PG_VERSION"))) initialise(cluster);
  const port = await ensureRunning(cluster);
  const database = options.database ?? "suar";
  await ensureDatabase(cluster, port, database);
  const guard = await guardServer(cluster, port);
  return {
    url: urlOf(cluster, port, database),
    stop: async () => {
      await guard.release();
      await stopServer(cluster);
    },
  };
}

function makeDirectories(directory: string, data: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const probe = join(directory, ".writable");
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw new DataDirectoryError(
      `The data directory ${directory} cannot be written (${(cause as Error).message}). Set SUAR_DATA_DIR to a folder that you own.`,
      { cause },
    );
  }
}

function handOver(cluster: Cluster): void {
  chmodSync(cluster.data, 0o700);
  const user = ownerOf(cluster.runAs);
  if (user !== undefined) chownSync(cluster.data, user.uid, user.gid);
}

function ownerOf(runAs: RunAs): { uid: number; gid: number } | undefined {
  if (runAs.uid !== undefined && runAs.gid !== undefined) return { uid: runAs.uid, gid: runAs.gid };
  const uid = runAs.prefix.find((part) => part.startsWith("--reuid="))?.slice(8);
  const gid = runAs.prefix.find((part) => part.startsWith("--regid="))?.slice(8);
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function commandOf(cluster: Cluster, program: string, args: string[]): [string, string[]] {
  const [first, ...rest] = [...cluster.runAs.prefix, program, ...args];
  return [first ?? program, rest];
}

function initialise(cluster: Cluster): void {
  const passwordFile = join(cluster.data, "..", "initial-password");
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  const user = ownerOf(cluster.runAs);
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  try {
    const [command, args] = commandOf(cluster, cluster.binaries.initdb, [
      `--pgdata=${cluster.data}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      ...(cluster.durable === false ? ["--no-sync"] : []),
    ]);
    const { uid, gid } = cluster.runAs;
    const result = spawnSync(command, args, {
      ...(uid === undefined ? {} : { uid, gid }),
      cwd: cluster.data,
      encoding: "utf8",
    });
    if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr || result.error?.message}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
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
async function ensureRunning(cluster: Cluster, wanted?: number): Promise<number> {
  const running = readPostmaster(cluster);
  if (running !== undefined && (await answers(cluster, running.port, 5_000))) return running.port;
  const port = wanted ?? (await freePort());
  const logFile = openSync(join(cluster.directory, "postgres.log"), "a", 0o600);
  const settings = {
    ...SETTINGS,
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
  for (let tries = 0; tries < 600; tries++) {
    if (await answers(cluster, port, 1_000)) return port;
    if (exited !== undefined)
      throw new DataDirectoryError(
        `PostgreSQL did not start (${exited}); see ${join(cluster.directory, "postgres.log")}`,
      );
    await sleep(tries < 100 ? 25 : 100);
  }
  throw new DataDirectoryError(
    `PostgreSQL did not answer within a minute; see ${join(cluster.directory, "postgres.log")}`,
  );
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

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgres://postgres:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/${database}`;
}

async function answers(cluster: Cluster, port: number, withinMs: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, "postgres"),
    connectionTimeoutMillis: withinMs,
  });
  client.on("error", () => undefined); // a server that is going down ends the connection; the answer is false
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false; // not up yet, or not ours: the caller decides
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(cluster: Cluster, port: number, database: string): Promise<void> {
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

/** Holds the lock; when the server dies under us, starts it again on the same port's cluster. */
async function guardServer(cluster: Cluster, port: number): Promise<{ release(): Promise<void> }> {
  let released = false;
  let holder: pg.Client | undefined;
  const hold = async (atPort: number): Promise<void> => {
    const client = new pg.Client({
      connectionString: urlOf(cluster, atPort, "postgres"),
      keepAlive: true,
      application_name: "suar-guard",
    });
    // Armed only once it holds: a connection that fails while we revive must not begin a second revival.
    let lost = true;
    const onLost = (): void => {
      if (lost || released) return;
      lost = true;
      cluster.log.error("the embedded PostgreSQL went away; starting it again");
      void revive();
    };
    client.on("error", onLost);
    client.on("end", onLost);
    await client.connect();
    const { rows } = await client.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_lock(hashtext('suar-data-directory')) AS mine",
    );
    if (rows[0]?.mine !== true) {
      await client.end();
      throw new DataDirectoryError(
        `Another Suar is running on the data directory ${cluster.directory}. Stop it, or set SUAR_DATA_DIR (and PORT) to run a second one.`,
      );
    }
    holder = client;
    lost = false;
  };
  const revive = async (): Promise<void> => {
    for (let tries = 1; !released; tries++) {
      try {
        await ensureRunning(cluster, port); // pools know this port
        await hold(port);
        cluster.log.warn("the embedded PostgreSQL is back");
        return;
      } catch (error) {
        cluster.log.error({ err: error, tries }, "the embedded PostgreSQL could not be started");
        await sleep(Math.min(200 * tries, 2_000));
      }
    }
  };
  await hold(port);
  return {
    release: async () => {
      released = true;
      await holder
        ?.end()
        .catch((error: Error) => cluster.log.debug({ err: error }, "lock connection was gone"));
    },
  };
}

async function stopServer(cluster: Cluster): Promise<void> {
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
