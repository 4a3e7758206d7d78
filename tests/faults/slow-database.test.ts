import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

let platform: PlatformProcess;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => await platform.remove());

function serverPid(): number {
  return Number(readFileSync(join(platform.dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
}

test("a start waits for the database that holds the data, however slow, and adopts it", async () => {
  await platform.kill();
  const pid = serverPid();
  process.kill(pid, "SIGSTOP"); // it accepts connections, and answers none
  const starting = platform.restart();
  try {
    await sleep(7_000); // longer than one question waits
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await starting;
  expect(serverPid()).toBe(pid);
  const { status } = await caller(platform.url, platform.key("SG")).get("/v1/log");
  expect(status).toBe(200);
});
