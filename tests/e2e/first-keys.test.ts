import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

const COMMAND = fileURLToPath(new URL("../../services/standalone/src/operator-key.ts", import.meta.url));

/** A platform that wrote no first keys: whoever has its data can still begin. */
let platform: PlatformProcess;

beforeAll(async () => {
  platform = await startPlatform({ env: { SUAR_BOOTSTRAP: "none" } });
}, 120_000);
afterAll(async () => await platform.remove());

async function operatorKey(): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, SUAR_DATA_DIR: platform.dataDir };
  return await promisify(execFile)(process.execPath, [COMMAND], { env });
}

test("the operator's key is made beside the platform that serves, and makes an officer's, who makes the rest", async () => {
  const { stdout, stderr } = await operatorKey();
  expect(stdout).toMatch(/^suar_[a-z0-9]{12}_\S+\n$/);
  expect(stderr).toContain("keys create");
  const operator = caller(platform.url, stdout.trim());
  const body = (roles: string[]) => ({ organisation: "SG", roles, label: "first", days: 1 });
  const officer = await operator.post("/v1/keys", body(["officer"]));
  expect(officer.status, officer.text).toBe(201);
  const analyst = await caller(platform.url, officer.body.key).post("/v1/keys", body(["analyst"]));
  expect(analyst.status, analyst.text).toBe(201);
  const { status } = await caller(platform.url, analyst.body.key).get("/v1/log");
  expect(status).toBe(200);
}, 60_000);

test("it is made without a platform that serves, too, and the platform starts again after", async () => {
  await platform.stop();
  const { stdout } = await operatorKey();
  await platform.restart();
  const { status, body } = await caller(platform.url, stdout.trim()).get("/v1/whoami");
  expect(status).toBe(200);
  expect(body.roles).toEqual(["operator"]);
}, 120_000);
