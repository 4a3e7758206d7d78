import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

/** What a person types and what a program starts: `npm start`, told to stop itself or with all its group. */
const ROOT = join(import.meta.dirname, "../..");
const STOPS_WITHIN_MS = 5_000;

let dataDir: string;
let npm: ChildProcess;
let address: string;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "suar npm "));
  // Without what this run's own npm and guard left in the environment.
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, SUAR_DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "warn" };
  npm = spawn("npm", ["start"], { cwd: ROOT, env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  address = await printedAddress(npm);
});
afterEach(async () => {
  if (npm.exitCode === null && npm.signalCode === null) {
    process.kill(-(npm.pid ?? 0), "SIGTERM");
    await once(npm, "exit");
  }
  rmSync(dataDir, { recursive: true, force: true });
});

async function printedAddress(child: ChildProcess): Promise<string> {
  let printed = "";
  for await (const data of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    printed += String(data);
    const [, url] = /Address\s+(http:\S+)/.exec(printed) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`npm start ended: ${printed}`);
}

test.each([
  ["SIGINT", "alone"],
  ["SIGTERM", "alone"],
  ["SIGINT", "with its group, as Ctrl-C does"],
] as const)("%s to npm %s stops everything in time", async (signal, to) => {
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  const told = performance.now();
  process.kill(to === "alone" ? (npm.pid ?? 0) : -(npm.pid ?? 0), signal);
  npm.stdout?.resume();
  await once(npm, "exit");
  expect(performance.now() - told).toBeLessThan(STOPS_WITHIN_MS);
  await expect(fetch(`${address}/readyz`)).rejects.toThrow();
});
