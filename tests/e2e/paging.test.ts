import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, submitAndWait } from "../support/api.ts";
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
});
afterAll(async () => {
  await db?.end();
  await platform?.remove();
});

const newestFirst = <Row extends { at: string; id: string }>(rows: readonly Row[]): string[] =>
  rows.toSorted((a, b) => (a.at + a.id < b.at + b.id ? 1 : -1)).map(({ id }) => id);

async function idsOf(path: string, limit: number, as: Caller = analyst): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ""; ; ) {
    const { status, body, text } = await as.get(`${path}?limit=${limit}${after}`);
    expect(status, text).toBe(200);
    ids.push(...body.items.map(({ id, code }: { id?: string; code?: string }) => id ?? code));
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
      `INSERT INTO advisory (id, organisation_id, stix_id, content, drafted_by, created_at)
       VALUES ($1, $2, 'report--x', $3, 'test', $4)`,
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

type Role = "analyst" | "officer" | "coordinator";

/** Lists to which rows are added here, beside those that the platform has already. */
const LISTS: [string, Role, string][] = [
  [
    "/v1/keys",
    "officer",
    `INSERT INTO core.machine_key (id, realm, organisation_id, roles, label, secret_hmac, expires_at, created_at)
     VALUES (substr(md5($1), 1, 12), 'live', $2, '{subscriber}', 'paged', '', now(), $3) RETURNING id`,
  ],
  [
    "/v1/people",
    "officer",
    `INSERT INTO core.person (id, organisation_id, title, roles, created_at)
     VALUES ($1::text::uuid, $2, 'paged', '{analyst}', $3) RETURNING id`,
  ],
  [
    "/v1/webhooks",
    "analyst",
    `INSERT INTO webhook (id, organisation_id, url, description, filter, secrets, cursor, created_by, state, created_at)
     VALUES ($1::text::uuid, $2, 'https://hook.example/', '', '{}', '[]', 0, 'test', 'paused', $3) RETURNING id`,
  ],
  [
    "/v1/sources",
    "officer",
    `INSERT INTO source (id, organisation_id, name, url, credential_kind, every_seconds, place, created_by, state, created_at)
     VALUES ($1::text::uuid, $2, 'paged', 'https://taxii.example/', 'none', 900, '{}', 'test', 'paused', $3) RETURNING id`,
  ],
  [
    "/v1/alert-rules",
    "analyst",
    `INSERT INTO alert_rule (id, organisation_id, name, filter, after, created_by, created_at)
     VALUES ($1::text::uuid, $2, 'paged', '{}', 0, 'test', $3) RETURNING id`,
  ],
  [
    "/v1/drills",
    "coordinator",
    `WITH realm AS (INSERT INTO core.realm (name, kind, state) VALUES ('d' || substr(md5($1), 1, 12), 'drill', 'archived') RETURNING name)
     INSERT INTO core.drill_run (id, realm, organisation_id, scenario, state, speed, created_by, created_at)
     SELECT $1::text::uuid, name, $2, $4, 'archived', 1, 'test', $3 FROM realm RETURNING id`,
  ],
];

test.each(LISTS)("pages through %s, each row once and the newest first", async (path, role, insert) => {
  const scenario = readFileSync(new URL("../../seeds/drills/first.yaml", import.meta.url), "utf8");
  const rows: { at: string; id: string }[] = [];
  for (const at of TIMES) {
    const values = [randomUUID(), sg, at, ...(insert.includes("$4") ? [scenario] : [])];
    rows.push({ at, id: (await db.query<{ id: string }>(insert, values)).rows[0]?.id ?? "" });
  }
  const as = caller(platform.url, platform.key("SG", role));
  const all = await idsOf(path, 500, as);
  const added = new Set(rows.map(({ id }) => id));
  expect(all.filter((id) => added.has(id))).toEqual(newestFirst(rows));
  for (const limit of [1, 2, 5]) expect(await idsOf(path, limit, as)).toEqual(all);
  for (const after of ["x", "1.x", "1.ffffffff-ffff-ffff-ffff", "-1.0"])
    expect((await as.get(`${path}?after=${after}`)).body.code, after).toBe("bad-cursor");
});

test.each(["members", "agencies", "groups"])("pages through %s in the order of their codes", async (list) => {
  const as = caller(platform.url, platform.operator);
  const all = await idsOf(`/v1/${list}`, 500, as);
  expect(all).toEqual(all.toSorted());
  expect(all.length).toBeGreaterThan(1);
  for (const limit of [1, 4]) expect(await idsOf(`/v1/${list}`, limit, as)).toEqual(all);
  expect((await as.get(`/v1/${list}?after=zz`)).body.code).toBe("bad-cursor");
});

test("pages through what a search finds, by value, by words and by id, the newest first", async () => {
  const members = ["SG", "MY", "TH", "VN", "PH"];
  const malware = {
    type: "malware",
    spec_version: "2.1",
    id: "malware--7b1f0d5e-3c52-4a9e-9b3c-0d9a5f6f2a11",
    created: "2026-05-01T00:00:00.000Z",
    modified: "2026-05-01T00:00:00.000Z",
    name: "hornbill",
    is_family: true,
  };
  const bundle = { type: "bundle", id: `bundle--${randomUUID()}`, objects: [malware] };
  for (const member of members) {
    const as = caller(platform.url, platform.key(member));
    await submitAndWait(as, "?tlp=green", "value,description\npaged.example,A hornbill\n", "text/csv");
    await submitAndWait(as, "?tlp=green", JSON.stringify(bundle), "application/stix+json;version=2.1");
  }
  const found = async (q: string, limit: number): Promise<string[]> => {
    const hits: string[] = [];
    for (let after = ""; ; ) {
      const { status, body, text } = await analyst.get(`/v1/search?q=${q}&limit=${limit}${after}`);
      expect(status, text).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(limit);
      hits.push(...body.items.map(({ seq, producer }: any) => `${producer} ${seq}`));
      if (body.next === undefined) return hits;
      after = `&after=${body.next}`;
    }
  };
  for (const [q, count] of [
    ["paged[.]example", 5],
    ["hornbill", 10],
    [malware.id, 5],
  ] as const) {
    const all = await found(q, 200);
    expect(all.length, q).toBe(count);
    expect(all.map((hit) => hit.split(" ")[0]).filter((_, n) => count === 5 || n % 2 === 0)).toEqual(
      members.toReversed(),
    );
    for (const limit of [1, 2, 5]) expect(await found(q, limit), q).toEqual(all);
  }
  for (const after of ["x", "1.x", "5.value"])
    expect((await analyst.get(`/v1/search?q=hornbill&after=${after}`)).body.code).toBe("bad-cursor");
});
