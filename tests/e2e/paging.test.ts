import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** Lists by time, with rows that only microseconds tell apart, and rows that nothing but their id does. */
const TIMES = [
  "2026-03-01T10:00:00.123456Z",
  "2026-03-01T10:00:00.123457Z",
  "2026-03-01T10:00:00.123457Z",
  "2026-03-01T10:00:00.123457Z",
  "2026-03-01T10:00:00.123999Z",
  "2026-03-01T10:00:00.124000Z",
];

let platform: PlatformProcess;
let analyst: Caller;
let db: pg.Client;
let sg: number;

beforeAll(async () => {
  platform = await startPlatform();
  analyst = caller(platform.url, platform.key("SG"));
  db = await connectAs(platform.dataDir, "postgres");
  await db.query("SET search_path = live, core");
  const { rows } = await db.query<{ id: number }>("SELECT id FROM core.organisation WHERE code = 'SG'");
  sg = rows[0]?.id ?? 0;
}, 120_000);
afterAll(async () => {
  await db?.end();
  await platform?.remove();
});

const newestFirst = <Row extends { at: string; id: string }>(rows: readonly Row[]): string[] =>
  rows.toSorted((a, b) => (a.at + a.id < b.at + b.id ? 1 : -1)).map(({ id }) => id);

async function idsOf(path: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ""; ; ) {
    const { status, body, text } = await analyst.get(`${path}?limit=${limit}${after}`);
    expect(status, text).toBe(200);
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    if (body.next === undefined) return ids;
    if (ids.length > 100) throw new Error("it does not end");
    after = `&after=${encodeURIComponent(body.next)}`;
  }
}

test.each([1, 2, 3, 6, 100])("pages through submissions by %i, each once", async (limit) => {
  await db.query("DELETE FROM submission");
  const rows = TIMES.map((at) => ({ at, id: randomUUID() }));
  for (const { at, id } of rows) {
    await db.query(
      `INSERT INTO submission (id, organisation_id, actor, state, format, options, bytes, sha256, received_at)
       VALUES ($1, $2, 'test', 'done', 'csv', '{}', 0, '', $3)`,
      [id, sg, at],
    );
  }
  expect(await idsOf("/v1/submissions", limit)).toEqual(newestFirst(rows));
});

test.each([1, 2, 3, 6, 100])("pages through advisories by %i, each once", async (limit) => {
  await db.query("DELETE FROM advisory");
  const rows = TIMES.map((at) => ({ at, id: randomUUID() }));
  const content = {
    title: "t",
    body: "b",
    severity: "low",
    tlp: "green",
    to: [],
    labels: [],
    references: [],
  };
  for (const { at, id } of rows) {
    await db.query(
      `INSERT INTO advisory (id, organisation_id, content, drafted_by, created_at) VALUES ($1, $2, $3, 'test', $4)`,
      [id, sg, JSON.stringify(content), at],
    );
  }
  expect(await idsOf("/v1/advisories", limit)).toEqual(newestFirst(rows));
});

test.each([1, 2, 5])("pages through alerts of one log entry by %i, each once", async (limit) => {
  await db.query("DELETE FROM alert");
  const ids: string[] = [];
  for (const seq of [7, 7, 7, 8, 6]) {
    const [rule, id] = [randomUUID(), randomUUID()];
    await db.query(
      "INSERT INTO alert_rule (id, organisation_id, name, filter, after, created_by) VALUES ($1, $2, 'r', '{}', 0, 'test')",
      [rule, sg],
    );
    await db.query(
      `INSERT INTO alert (id, organisation_id, rule_id, seq, object_id, producer, state)
       VALUES ($1, $2, $3, $4, 'x', $2, 'raised')`,
      [id, sg, rule, seq],
    );
    ids.push(id);
  }
  const paged = await idsOf("/v1/alerts", limit);
  expect(paged.toSorted()).toEqual(ids.toSorted());
  expect([paged[0], paged[4]]).toEqual([ids[3], ids[4]]);
});

test.each([1, 2, 4, 100])("pages through a webhook's attempts by %i, each once", async (limit) => {
  const id = randomUUID();
  await db.query(
    `INSERT INTO webhook (id, organisation_id, url, description, filter, secrets, cursor, created_by)
     VALUES ($1, $2, 'https://hook.example/', '', '{}', '[]', 0, 'test')`,
    [id, sg],
  );
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO attempt (endpoint_id, message_id, seq, type, number, at, duration_ms, outcome)
     SELECT $1, 'msg', n, 'test', 1, now(), 1, 'delivered' FROM generate_series(1, 4) AS n RETURNING id`,
    [id],
  );
  const newest = rows.map((row) => String(row.id)).reverse();
  expect(await idsOf(`/v1/webhooks/${id}/attempts`, limit)).toEqual(newest);
  for (const after of ["x", "-1", "1e3", "0x10", "9007199254740993"])
    expect((await analyst.get(`/v1/webhooks/${id}/attempts?after=${after}`)).body.code, after).toBe(
      "bad-cursor",
    );
});
