import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecrets } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller } from "../support/api.ts";
import { connectAs, postmaster } from "../support/embedded-postgres.ts";
import { spawnPlatform, startPlatform } from "../support/platform.ts";

const OTHER_SECRET = "another-secret-of-more-than-thirty-two-characters";
const WITHIN_MS = 60_000;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "suar settings "));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Starts the platform, which is to refuse; how it ended, and what it said. */
async function refused(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const dataDir = env.SUAR_DATA_DIR ?? mkdtempSync(join(directory, "data "));
  const child = spawnPlatform({ dataDir, env, port: "0" }, ["ignore", "ignore", "pipe"]);
  const parts: Buffer[] = [];
  child.stderr?.on("data", (part: Buffer) => parts.push(part));
  const late = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(late);
  return { code, said: Buffer.concat(parts).toString("utf8") };
}

function expectPlainly({ code, said }: { code: number | null; said: string }, names: string): void {
  expect(code, said).toBe(1);
  expect(said).toContain(names);
  expect(said).not.toMatch(/^\s+at /m);
  expect(said).not.toContain("hush-hush");
}

test.concurrent.each([
  ["networks that are none", { SUAR_WEBHOOK_ALLOW: "banana" }, "SUAR_WEBHOOK_ALLOW"],
  ["networks of metrics that are none", { SUAR_METRICS_ALLOW: "localhost" }, "SUAR_METRICS_ALLOW"],
  ["networks of sources that are none", { SUAR_SOURCE_ALLOW: "10.0.0.1" }, "SUAR_SOURCE_ALLOW"],
  ["a secret that is short", { SUAR_SECRET: "short" }, "SUAR_SECRET"],
  ["a port that is none", { PORT: "seventy" }, "PORT"],
  ["a database that is no address", { DATABASE_URL: "localhost" }, "DATABASE_URL"],
  ["a Redis that is no address", { REDIS_URL: "http://localhost" }, "REDIS_URL"],
  [
    "a database that is not there",
    { DATABASE_URL: "postgres://suar:x@127.0.0.1:9/suar", SUAR_SECRET: OTHER_SECRET },
    "DATABASE_URL",
  ],
  ["a Redis that is not there", { REDIS_URL: "redis://:hush-hush@127.0.0.1:9" }, "REDIS_URL"],
  ["an address of another machine", { HOST: "192.0.2.1" }, "HOST"],
])("says in plain words what is wrong with %s", async (_, env, names) => {
  expectPlainly(await refused(env), names);
});

test("says in plain words that the data directory is a file", async () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  expectPlainly(await refused({ SUAR_DATA_DIR: file }), "SUAR_DATA_DIR");
});

test.skipIf(process.platform !== "linux")(
  "says in plain words that the data directory cannot be made, instead of trying for ever",
  async () => {
    expectPlainly(await refused({ SUAR_DATA_DIR: "/proc/suar/data" }), "/proc/suar");
  },
);

test("refuses another secret on a database of one's own, and changes nothing there", async () => {
  const first = await startPlatform();
  try {
    const server = postmaster(first.dataDir);
    const secret = readFileSync(join(first.dataDir, "secret"), "utf8").trim();
    const password = createSecrets(secret).password("embedded-postgres");
    const DATABASE_URL = `postgres://postgres:${password}@127.0.0.1:${server?.port}/suar`;
    expectPlainly(await refused({ DATABASE_URL, SUAR_SECRET: OTHER_SECRET }), "SUAR_SECRET");
    // The roles' passwords are those that they were.
    for (const role of ["suar_core", "app_read_live"]) await (await connectAs(first.dataDir, role)).end();
    const subscriber = caller(first.url, first.key("TH", "subscriber"));
    expect((await subscriber.get("/v1/log?after=latest")).status).toBe(200);
  } finally {
    await first.remove();
  }
});

test("says that data were made under another secret, and leaves no database server behind", async () => {
  const first = await startPlatform();
  await first.stop();
  const pidFile = join(first.dataDir, "postgres", "postmaster.pid");
  expectPlainly(await refused({ SUAR_DATA_DIR: first.dataDir, SUAR_SECRET: OTHER_SECRET }), "SUAR_SECRET");
  expect(existsSync(pidFile) && readFileSync(pidFile, "utf8")).toBe(false);
  await first.restart();
  await first.remove();
});
