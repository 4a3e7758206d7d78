import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller } from "../support/api.ts";
import { type Inside, openInside } from "../support/inside.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";

let platform: PlatformProcess;
let inside: Inside;
beforeAll(async () => {
  platform = await startPlatform();
  inside = await openInside(platform.dataDir);
});
afterAll(async () => {
  await inside?.close();
  await platform?.remove();
});

test("a drill is archived though somebody is in the middle of work there, who is cut off", async () => {
  const coordinator = caller(platform.url, platform.key("SG", "coordinator"));
  const { body: drill } = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL });
  const { write } = await inside.platform.realms.named(drill.realm);
  const { rows: tables } = await write.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1",
    [drill.realm],
  );
  expect(tables.length).toBeGreaterThan(30);
  const client = await write.connect();
  await client.query("BEGIN; SELECT FROM submission LIMIT 1");
  expect((await coordinator.post(`/v1/drills/${drill.id}/end`)).status).toBe(200);
  const archived = coordinator.post(`/v1/drills/${drill.id}/archive`);
  await sleep(500);
  // Whatever the drop holds by now, this waits for it, while the drop waits for what was read above.
  const work = (async () => {
    for (const { name } of tables) await client.query(`SELECT FROM "${name}" LIMIT 1`);
    await client.query("SELECT pg_sleep(60)");
  })();
  const cutOff = expect(work).rejects.toThrow(/terminat|connection/i);
  const { status, text, body } = await archived;
  expect(status, text).toBe(200);
  expect(body.state).toBe("archived");
  await cutOff;
  client.release(true);
  const { rows } = await inside.platform.core.query(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname = $1 UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE $2",
    [drill.realm, `%_${drill.realm}`],
  );
  expect(rows).toEqual([]);
});
