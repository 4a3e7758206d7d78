import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, waitForSubmission } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

let platform: PlatformProcess;
let analyst: Caller;
let db: pg.Client;

beforeAll(async () => {
  platform = await startPlatform({ env: { SUAR_NORMALIZERS: "4" } });
  analyst = caller(platform.url, platform.key("SG"));
  db = await connectAs(platform.dataDir, "postgres");
});
afterAll(async () => {
  await db?.end();
  await platform?.remove();
});

const LINES = 3_000;
const COPIES = 4;
const table = `value\n${Array.from({ length: LINES }, (_, n) => `r${n}.races.example\n`).join("")}`;

async function count(sql: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
  return rows[0]?.n ?? Number.NaN;
}

test("the same table four times at once is released once, and leaves nothing over", async () => {
  const answers = await Promise.all(
    Array.from({ length: COPIES }, () =>
      analyst.raw("/v1/submissions?tlp=green", table, { "content-type": "text/csv" }),
    ),
  );
  const counts = { records: 0, accepted: 0, merged: 0, unchanged: 0, rejected: 0 };
  for (const { body } of answers) {
    const { body: done } = await waitForSubmission(analyst, body.id);
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += done.counts[key];
  }
  expect(counts).toEqual({
    records: COPIES * LINES,
    accepted: LINES,
    merged: 0,
    unchanged: (COPIES - 1) * LINES,
    rejected: 0,
  });
  expect(await count("live.log")).toBe(LINES);
  // What was written ahead and then judged anew is gone again.
  expect(await count("live.object_version")).toBe(LINES);
  expect(await count("live.rendition")).toBe(LINES);
  expect(await count("live.observable")).toBe(LINES);
});
