import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { caller, until } from "../support/api.ts";
import { postmaster } from "../support/embedded-postgres.ts";
import { isListening } from "../support/local-process.ts";
import { programOrSkip } from "../support/needed.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { type RedisServer, startRedis } from "../support/redis-server.ts";

const STOPS_WITHIN_MS = 5_000;
const available = programOrSkip("redis-server") !== undefined;

let platform: PlatformProcess;
let redis: RedisServer;

beforeAll(async () => {
  if (available) redis = await startRedis();
});
afterAll(async () => await redis?.stop());
beforeEach(async () => {
  if (available) platform = await startPlatform({ env: { REDIS_URL: redis.url, LOG_LEVEL: "info" } });
});
afterEach(async () => await platform?.remove());

const said = (words: string): number => platform.log().split(words).length - 1;

test.skipIf(!available)(
  "tells that Redis went away and that it is back, once each, and serves on",
  async () => {
    const nobody = caller(platform.url, undefined);
    const readiness = async () => await nobody.get("/readyz");
    expect(await readiness()).toMatchObject({ status: 200, body: { status: "ready" } });
    expect(said("REDIS_URL")).toBe(0);
    await redis.killAndReplace(0, async () => {
      await until(10_000, "word that Redis is away", async () =>
        (await readiness()).body.queue ? true : undefined,
      );
      await pause(3_000); // many tries to connect again
      expect(await readiness()).toMatchObject({ status: 200, body: { status: "ready", queue: "away" } });
    });
    await until(10_000, "word that Redis is back", async () =>
      (await readiness()).body.queue ? undefined : true,
    );
    expect((await readiness()).body).toEqual({ status: "ready" });
    expect([said("went away"), said("(REDIS_URL) is back")]).toEqual([1, 1]);
  },
);

test.skipIf(!available)(
  "tells that Redis hangs, and takes and delivers reports meanwhile",
  async () => {
    const nobody = caller(platform.url, undefined);
    const queue = async () => (await nobody.get("/readyz")).body.queue;
    const analyst = caller(platform.url, platform.key("TH", "analyst"));
    const reader = caller(platform.url, platform.key("MY", "subscriber"));
    await redis.hang(async () => {
      await until(15_000, "word that Redis hangs", async () => (await queue()) ?? undefined);
      await analyst.raw("/v1/submissions?tlp=green", "value\nhung.example\n", { "content-type": "text/csv" });
      await until(60_000, "the report", async () =>
        (await reader.get("/v1/log?values=hung.example")).body.items.length > 0 ? true : undefined,
      );
    });
    await until(15_000, "word that Redis is back", async () => ((await queue()) ? undefined : true));
    expect([said("went away"), said("(REDIS_URL) is back")]).toEqual([1, 1]);
  },
  120_000,
);

test.skipIf(!available).each(["SIGTERM", "SIGINT"] as const)(
  "%s ends it while Redis is away, with 0 and no database server left behind",
  async (signal) => {
    const port = postmaster(platform.dataDir)?.port ?? 0;
    expect(await isListening(port)).toBe(true);
    const analyst = caller(platform.url, platform.key("TH", "analyst"));
    let end: { code: number | null; took: number } | undefined;
    await redis.killAndReplace(0, async () => {
      // A wake that fails is part of it: the producers' connection is in use too.
      await analyst.raw("/v1/submissions?tlp=green", "value\naway.example\n", { "content-type": "text/csv" });
      await pause(1_000);
      const told = Date.now();
      const exited = new Promise<number | null>((resolve) => platform.process.once("exit", resolve));
      platform.process.kill(signal);
      end = { code: await exited, took: Date.now() - told };
    });
    console.log(`redis-away: ${signal} took ${end?.took} ms`);
    expect(end?.code, platform.log()).toBe(0);
    expect(end?.took).toBeLessThan(STOPS_WITHIN_MS);
    expect(said("went away")).toBe(1);
    expect(postmaster(platform.dataDir)).toBeUndefined();
    expect(await isListening(port)).toBe(false);
  },
);
