import { setFlagsFromString } from "node:v8";
import { ConfigError, type PlatformConfig } from "../config/config.ts";
import { DataDirectoryError } from "../database/embedded-cluster.ts";
import { refuseOtherSecret } from "../database/secret-check.ts";
import { inTime } from "./in-time.ts";
import { createLogger } from "./logger.ts";
import { openPlatform } from "./platform.ts";
import { runServices, type Service } from "./service.ts";

/** Runs one service as a process of its own, in the distributed platform. */
export async function runAlone(service: Service, readConfig: () => PlatformConfig): Promise<void> {
  await startProcess(async () => {
    const config = readConfig();
    if (config.DATABASE_URL === undefined || config.SUAR_SECRET === undefined) {
      throw new ConfigError(
        "A service that runs alone needs DATABASE_URL and SUAR_SECRET (and REDIS_URL for the queue on Redis).",
      );
    }
    const log = createLogger(config.LOG_LEVEL, service.name);
    const platform = openPlatform({
      config,
      log,
      databaseUrl: config.DATABASE_URL,
      adminUrl: config.DATABASE_ADMIN_URL ?? config.DATABASE_URL,
      secret: config.SUAR_SECRET,
    });
    await platform.ready();
    await refuseOtherSecret(platform.core, platform.secrets);
    const running = await runServices([service], platform);
    log.info({ url: running.url }, "serving");
    onSignal(running.stop);
  });
}

const LONGEST_STOP_MS = 4_500;
/** Of which the last step has so much, whatever the others took: enough to tell a server that it is to end. */
const LAST_STEP_MS = 500;

/**
 * Stops once on SIGINT or SIGTERM, and gives up waiting before an impatient supervisor kills us. What outlives the
 * process (a database server of ours) is ended in `lastly`: also where stopping failed, or took too long.
 */
export function onSignal(stop: () => Promise<void>, lastly?: () => Promise<void>): void {
  let stopping = false;
  const begin = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), LONGEST_STOP_MS);
    void endInOrder(stop, lastly).then((code) => process.exit(code));
  };
  process.on("SIGINT", begin);
  process.on("SIGTERM", begin);
}

async function endInOrder(stop: () => Promise<void>, lastly = async () => {}): Promise<number> {
  let code = 0;
  const failed = (error: unknown): void => {
    process.stderr.write(`stopping failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    code = 1;
  };
  await inTime(stop(), LONGEST_STOP_MS - LAST_STEP_MS, "stopping").catch(failed);
  await lastly().catch(failed);
  return code;
}

/**
 * How much the heap may grow before the next full collection, in percent of what was alive after the last.
 * Suar's heap is mostly short-lived pages of records. V8 lets it grow to twice the live part and more, which
 * costs some 170 MB while a large submission streams through and wins no time that can be measured.
 */
const HEAP_GROWTH_PERCENT = 40;

/** Runs the start of a process; what the operator can mend is said in one line, everything else with its stack. */
export async function startProcess(start: () => Promise<void>): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  try {
    await start();
  } catch (error) {
    process.stderr.write(`\n${explain(error as NodeJS.ErrnoException) ?? (error as Error).stack}\n`);
    process.exit(1);
  }
}

/** In one line what the operator can mend; undefined for everything else. */
function explain(error: NodeJS.ErrnoException & { address?: string; port?: number }): string | undefined {
  if (error instanceof ConfigError || error instanceof DataDirectoryError) return error.message;
  const { code, syscall, address, port } = error;
  if (code === "EADDRINUSE")
    return `Port ${port} is taken: another program (perhaps another Suar) listens there. Stop it, or choose a port: PORT=8081 npm start`;
  if (syscall === "listen" && code === "EADDRNOTAVAIL")
    return `HOST=${address} is no address of this machine. Leave HOST out to listen on 127.0.0.1.`;
  if (syscall === "listen" && code === "EACCES")
    return `Port ${port} may not be listened on by this user. Choose one above 1023: PORT=8081 npm start`;
  if (code === "ENOTFOUND" && syscall === "getaddrinfo")
    return `${error.message}: look at HOST, DATABASE_URL and REDIS_URL.`;
  if (code === "ECONNREFUSED")
    return `Nothing answers at ${address}:${port}: is PostgreSQL (DATABASE_URL) running there?`;
  if (code === "28P01" || code === "28000")
    return `PostgreSQL does not let Suar in (${error.message}): look at DATABASE_URL and SUAR_SECRET.`;
  return undefined;
}
