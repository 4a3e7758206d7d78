import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { seededChance } from "../support/seeded-random.ts";
import { pause, RUN_ENV, startIntakeRun, tellWhy } from "./intake-run.ts";
import { startAndKill } from "./interrupted-start.ts";

const SUBMISSIONS = 100;
const KILLS_DURING_INTAKE = 50;
const KILLS_AFTERWARDS = 2;

let platform: PlatformProcess;

beforeAll(async () => {
  platform = await startPlatform({ env: RUN_ENV });
  // What Node compiled it keeps when a process ends by itself (NODE_COMPILE_CACHE): those that are killed leave nothing.
  await platform.stop();
  await platform.restart();
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
});

test(`nothing acknowledged is lost, doubled or reordered when the process is killed ${KILLS_DURING_INTAKE} times during intake`, async () => {
  onTestFailed(async () => await tellWhy(platform));
  const chance = seededChance();
  console.log(`kill-process: SUAR_TEST_SEED=${chance.seed}`);
  const run = await startIntakeRun(platform, SUBMISSIONS, chance);
  try {
    const started = Date.now();
    let kills = 0;
    while (kills < KILLS_DURING_INTAKE + KILLS_AFTERWARDS) {
      // The last submissions are held back until the fiftieth kill: all kills before fall into the intake.
      run.allow(kills < KILLS_DURING_INTAKE ? Math.min(SUBMISSIONS - 2, (kills + 1) * 2) : SUBMISSIONS);
      if (kills >= KILLS_DURING_INTAKE) await run.allAcknowledged;
      else expect(run.acknowledged()).toBeLessThan(SUBMISSIONS);
      await pause(chance.between(0, 700));
      await platform.kill();
      kills += 1;
      // Every fifth time it is also killed while it starts: before, in, or just after its recovery.
      if (kills % 5 === 0) {
        await startAndKill(platform, RUN_ENV, chance.between(100, 2_000));
        kills += 1;
      }
      await platform.restart();
    }
    const killed = Date.now();
    const { head } = await run.proveNothingLost();
    console.log(
      `kill-process: ${kills} kills in ${killed - started} ms, ${head} entries proved ${Date.now() - killed} ms later`,
    );
  } finally {
    await run.close();
  }
});
