import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, until } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { freshHost, itemWith, reportHosts } from "./scene.ts";

/** The operator is told of a log that too few members cosign; of a drill's nothing is told, not even its name. */
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

async function report(by: Caller): Promise<void> {
  const host = freshHost("unwitnessed");
  await reportHosts(by, "?tlp=green", [host]);
  await itemWith(by, host);
}

/** As if twenty minutes had passed since the log began and since witnesses were asked. */
async function age(realm: string): Promise<void> {
  await until(30_000, "a checkpoint that witnesses are asked for", async () => {
    const query = `UPDATE ${realm}.checkpoint SET asked_at = asked_at - interval '20 minutes' WHERE asked_at IS NOT NULL`;
    return (await owner.query(query)).rowCount === 0 ? undefined : true;
  });
  await owner.query(`UPDATE ${realm}.log_epoch SET began_at = began_at - interval '20 minutes'`);
}

/** Until witnesses are asked once more. */
async function asked(realm: string): Promise<void> {
  await until(30_000, "another checkpoint that they are asked for", async () => {
    const query = `SELECT FROM ${realm}.checkpoint WHERE asked_at > clock_timestamp() - interval '10 minutes'`;
    return (await owner.query(query)).rowCount === 0 ? undefined : true;
  });
}

test("tells that too few cosign the live log, and tells of no drill", async () => {
  const coordinator = caller(platform.url, platform.key("MY", "coordinator"));
  const { body: run } = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL });
  await coordinator.post(`/v1/drills/${run.id}/start`);
  const logs = [
    { realm: run.realm as string, by: caller(platform.url, run.keys.MY.analyst) },
    { realm: "live", by: caller(platform.url, platform.key("SG")) },
  ];
  for (const { realm, by } of logs) {
    await report(by);
    await age(realm);
    await report(by);
    await asked(realm);
  }
  const nobody = caller(platform.url, undefined);
  const { body, text } = await until(30_000, "the trouble", async () => {
    const told = await nobody.get("/readyz");
    return told.body.troubles?.["witnesses:live"] === undefined ? undefined : told;
  });
  expect(body).toEqual({ status: "ready", troubles: { "witnesses:live": "too few cosign" } });
  expect(text).not.toContain(run.realm);
});
