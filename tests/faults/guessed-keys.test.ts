import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

let platform: PlatformProcess;
let owner: pg.Client;
beforeAll(async () => {
  platform = await startPlatform();
  owner = new pg.Client({ connectionString: ownerUrl(platform.dataDir) });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await platform?.remove();
});

/** A key as they look, which nobody holds. */
function guess(): string {
  return `suar_${randomBytes(6).toString("hex")}_${randomBytes(32).toString("base64url")}`;
}

/** How often keys were looked up. */
async function looks(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // PostgreSQL tells of it a second later
  const { rows } = await owner.query<{ scans: string }>(
    "SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS scans FROM pg_stat_all_tables WHERE schemaname = 'core' AND relname = 'machine_key'",
  );
  return Number(rows[0]?.scans);
}

async function guesses(path: string, times: number, headerOf: (key: string) => string): Promise<number[]> {
  const ask = async (): Promise<number> => {
    const { status, body } = await fetch(platform.url + path, {
      headers: { authorization: headerOf(guess()) },
    });
    await body?.cancel();
    return status;
  };
  return await Promise.all(Array.from({ length: times }, ask));
}

const asBearer = (key: string): string => `Bearer ${key}`;
const asBasic = (key: string): string => `Basic ${Buffer.from(`user:${key}`).toString("base64")}`;

test("who guesses keys is refused without a look at the database, on every way in; who has one goes on", async () => {
  const member = caller(platform.url, platform.key("SG"));
  expect((await member.get("/v1/whoami")).status).toBe(200);
  expect(new Set(await guesses("/v1/whoami", 600, asBearer))).toEqual(new Set([401]));
  const before = await looks();
  expect(new Set(await guesses("/v1/whoami", 100, asBearer))).toEqual(new Set([429]));
  expect(new Set(await guesses("/v1/live", 20, asBearer))).toEqual(new Set([429]));
  expect(new Set(await guesses("/taxii2/", 20, asBasic))).toEqual(new Set([429]));
  expect((await looks()) - before).toBeLessThan(50);
  expect((await member.get("/v1/whoami")).status).toBe(200);
});

test("an address has one rate, whatever credentials nobody looks at it sends along", async () => {
  const left = async (): Promise<number> => {
    const { headers, body } = await fetch(`${platform.url}/v1/schemas/incident-report`, {
      headers: { authorization: asBearer(guess()) },
    });
    await body?.cancel();
    return Number(headers.get("ratelimit-remaining"));
  };
  const [first, second] = [await left(), await left()];
  expect(first).toBeLessThan(6_000);
  expect(second).toBe(first - 1);
});
