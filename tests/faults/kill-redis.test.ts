import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { type Answer, caller, waitForSubmission } from "../support/api.ts";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { seededChance } from "../support/seeded-random.ts";
import { pause, RUN_ENV, startIntakeRun, tellWhy } from "./intake-run.ts";

const SUBMISSIONS = 40;
const BLOWS = 6;

const available = hasRedis();
if (!available && process.env.CI !== undefined) throw new Error("redis-server has to be there in CI");
if (!available) console.log("kill-redis: skipped, there is no redis-server here");

let platform: PlatformProcess;
let redis: RedisServer;

beforeAll(async () => {
  if (!available) return;
  redis = await startRedis();
  platform = await startPlatform({ env: { ...RUN_ENV, REDIS_URL: redis.url } });
});
afterAll(async () => {
  if (!available) return;
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
  await redis.stop();
});

test.skipIf(!available)(
  "nothing acknowledged is lost, doubled or reordered when Redis is killed, comes back empty, and is flushed during intake",
  async () => {
    onTestFailed(async () => await tellWhy(platform));
    const chance = seededChance();
    console.log(`kill-redis: SUAR_TEST_SEED=${chance.seed}`);
    const run = await startIntakeRun(platform, SUBMISSIONS, chance);
    try {
      const started = Date.now();
      for (let blows = 0; blows < BLOWS; blows++) {
        run.allow((blows + 1) * Math.floor(SUBMISSIONS / (BLOWS + 1)));
        await pause(chance.between(50, 900));
        if (blows % 2 === 0) await redis.killAndReplace(chance.between(0, 1_500));
        else await redis.flush();
        expect(run.acknowledged()).toBeLessThan(SUBMISSIONS);
      }
      run.allow(SUBMISSIONS);
      await run.allAcknowledged;
      const struck = Date.now();
      const { head } = await run.proveNothingLost();
      console.log(
        `kill-redis: ${BLOWS} blows in ${struck - started} ms, ${head} entries proved ${Date.now() - struck} ms later`,
      );
      expect(platform.process.exitCode).toBeNull();
    } finally {
      await run.close();
    }
  },
  240_000,
);

test.skipIf(!available)(
  "a submission is acknowledged while Redis is away, and done after it came back",
  async () => {
    const analyst = caller(platform.url, platform.key("TH", "analyst"));
    let whileAway: Answer | undefined;
    // The queue only wakes workers: the way in does not depend on it.
    await redis.killAndReplace(0, async () => {
      whileAway = await analyst.raw("/v1/submissions?tlp=green", "value\naway.example.com\n", {
        "content-type": "text/csv",
      });
    });
    expect(whileAway?.status, whileAway?.text).toBe(202);
    expect((await waitForSubmission(analyst, whileAway?.body.id)).body.status).toBe("done");
  },
  60_000,
);
