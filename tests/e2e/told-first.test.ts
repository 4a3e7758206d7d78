import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { postAll, taxiiCaller } from "./taxii-caller.ts";

let platform: PlatformProcess;
let db: pg.Client;

beforeAll(async () => {
  platform = await startPlatform();
  db = await connectAs(platform.dataDir, "postgres");
});
afterAll(async () => {
  await db?.end();
  await platform?.remove();
});

// Processes reserve ids of renditions in blocks, so that a later release may have a lower id: here it has.
async function reserveFrom(block: number): Promise<void> {
  await db.query("SELECT setval('live.rendition_block', $1)", [block]);
  await platform.kill();
  await platform.restart();
}

test("an object is whose whoever stated it first in the log, whatever ids its renditions have", async () => {
  const own = {
    type: "campaign",
    spec_version: "2.1",
    id: "campaign--5a1f0f53-5d1e-4c0c-8a36-0c3d2b9d7a11",
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
    name: "its own",
  };
  const path = `/taxii2/live/collections/all/objects/${own.id}/`;
  const as = (member: string) => taxiiCaller(platform.url, platform.key(member));

  await reserveFrom(1_000_000);
  await postAll(as("SG"), [own]);
  await reserveFrom(1_000);
  await postAll(as("MY"), [
    { ...own, modified: "2026-06-01T00:00:00.000Z", name: "by another" },
    { ...own, name: "the same version by another" },
  ]);

  const { rows } = await db.query(
    "SELECT array_agg(name ORDER BY r.id) AS by_id FROM live.rendition r, LATERAL (SELECT body::json ->> 'name' AS name) n WHERE r.type = 'campaign'",
  );
  expect(rows[0].by_id.at(-1)).toBe(own.name);
  const names = async (query: string) =>
    (await as("VN").get(`${path}${query}`)).body.objects.map(({ name }: { name: string }) => name);
  expect(await names("")).toEqual([own.name]);
  expect(await names("?match[version]=first")).toEqual([own.name]);
  expect((await names("?match[version]=all")).toSorted()).toEqual(["by another", own.name]);
});
