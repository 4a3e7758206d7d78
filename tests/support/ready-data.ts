import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./local-process.ts";
import { oneAtATime } from "./one-at-a-time.ts";

const READY_WITHIN_MS = 300_000;

/** Settings that a first start takes nothing from: with others it leaves other data. */
const OF_NO_DATA = new Set([
  "LOG_LEVEL",
  "NODE_OPTIONS",
  "SUAR_NORMALIZERS",
  "SUAR_TEST_TAP",
  "SUAR_WEBHOOK_TIMEOUT_MS",
]);

/**
 * Data as a first start leaves them, in a folder that is not there yet: made once in a run of tests (`ready-folder.ts`), and
 * copied, which takes a tenth of the time of making a cluster and migrating it. Platforms of a run have the same secret and
 * first keys by it. Nothing is copied outside a run, for settings of which the data might tell, or without `cp`.
 */
export async function copyReadyData(
  dataDir: string,
  env: Record<string, string>,
  makeFirst: (dataDir: string) => Promise<void>,
): Promise<void> {
  const folder = process.env.SUAR_TEST_READY;
  if (folder === undefined || process.platform === "win32") return;
  if (Object.keys(env).some((name) => !OF_NO_DATA.has(name))) return;
  const ready = join(folder, "data");
  if (!existsSync(ready)) {
    await oneAtATime({ lock: join(folder, "lock"), withinMs: READY_WITHIN_MS }, async () => {
      if (existsSync(ready)) return;
      const making = join(folder, "making");
      mkdirSync(making);
      await makeFirst(making);
      renameSync(making, ready);
    });
  }
  // Owners are kept: PostgreSQL runs as a user of its own where the tests run as root.
  await runCommand("cp", ["-Rp", `${ready}/.`, dataDir], { cwd: dirname(dataDir), env: process.env });
}
