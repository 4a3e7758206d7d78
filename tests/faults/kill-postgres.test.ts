import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { caller, until } from "../support/api.ts";
import { killPostmaster, postmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { seededChance } from "../support/seeded-random.ts";
import { pause, RUN_ENV, startIntakeRun, tellWhy } from "./intake-run.ts";

const SUBMISSIONS = 40;
const KILLS = 5;

let platform: PlatformProcess;

beforeAll(async () => {
  platform = await startPlatform({ env: RUN_ENV });
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
});

test("nothing acknowledged is lost, doubled or reordered when PostgreSQL is killed during intake, and the platform revives it", async () => {
  onTestFailed(async () => await tellWhy(platform));
  const chance = seededChance();
  console.log(`kill-postgres: SUAR_TEST_SEED=${chance.seed}`);
  const pid = platform.process.pid;
  const nobody = caller(platform.url, undefined);
  const run = await startIntakeRun(platform, SUBMISSIONS, chance);
  try {
    const started = Date.now();
    for (let kills = 0; kills < KILLS; kills++) {
      run.allow((kills + 1) * (SUBMISSIONS / (KILLS + 1)));
      await pause(chance.between(50, 900));
      const killed = killPostmaster(platform.dataDir);
      expect(killed, "there was a server to kill").toBeDefined();
      await until(30_000, "the revived PostgreSQL", async () => {
        const server = postmaster(platform.dataDir);
        if (server === undefined || server.pid === killed) return undefined;
        return (await nobody.get("/readyz")).status === 200 ? true : undefined;
      });
      expect(run.acknowledged()).toBeLessThan(SUBMISSIONS);
    }
    run.allow(SUBMISSIONS);
    await run.allAcknowledged;
    const killed = Date.now();
    const { head } = await run.proveNothingLost();
    console.log(
      `kill-postgres: ${KILLS} kills in ${killed - started} ms, ${head} entries proved ${Date.now() - killed} ms later`,
    );
    expect(platform.process.pid, "the platform itself lived through all of it").toBe(pid);
    expect(platform.process.exitCode).toBeNull();
  } finally {
    await run.close();
  }
});
