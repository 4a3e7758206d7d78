import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { postmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** What a visitor has set for a platform of theirs is not for this one: it has all of its own. */
const OF_ITS_OWN = {
  DATABASE_URL: "",
  DATABASE_ADMIN_URL: "",
  REDIS_URL: "",
  SUAR_SECRET: "",
  SUAR_BOOTSTRAP: "file",
  HOST: "127.0.0.1",
  PUBLIC_URL: "",
};
const STOPS_WITHIN_MS = 8_000;
const SERVER_ENDS_WITHIN_MS = 4_000;

/** The platform that the story is told on: a process, a database server, a folder and a free port of its own. */
export type OwnPlatform = {
  running: PlatformProcess;
  /** Stops it in its own orderly way. The folder stays, with all data. */
  stop(): Promise<void>;
  /** Stops it, and nothing of it is left. */
  remove(): Promise<void>;
};

/** Starts it. What could not be started leaves nothing behind. */
export async function startOwnPlatform(): Promise<OwnPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), "suar-demo-"));
  try {
    const running = await startPlatform({ dataDir, env: OF_ITS_OWN });
    const stop = async (): Promise<void> => {
      await Promise.race([running.stop(), sleep(STOPS_WITHIN_MS)]);
      running.process.kill("SIGKILL"); // says nothing to one that has ended
      await endServer(dataDir);
    };
    return {
      running,
      stop,
      remove: async () => {
        await stop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await endServer(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
}

/** A platform that was killed leaves its database server to the next start; here there is no next one. */
async function endServer(dataDir: string): Promise<void> {
  const end = Date.now() + SERVER_ENDS_WITHIN_MS;
  const pid = postmaster(dataDir)?.pid;
  if (pid === undefined) return;
  while (tell(pid, "SIGINT")) {
    if (Date.now() > end) {
      tell(pid, "SIGKILL");
      return;
    }
    await sleep(20);
  }
}

/** False when there is no such process. */
function tell(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
