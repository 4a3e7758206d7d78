import { PUBLIC } from "@suar/policy";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caller, markedFor, submitAndWait, until, wholeLog } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { policies } from "./grants/catalog.ts";
import { closeTo } from "./grants/close-to.ts";
import { EVERYBODYS, OF_PEOPLE, OWN_ROWS, READABLE } from "./grants/own-rows.ts";
import { isPublic, maySee, type PlantedTlp, party } from "./oracle.ts";
import { AGENCIES, MEMBERS } from "./readers.ts";
import { watchSomething } from "./watch-something.ts";

/** The second lock: what a request path could read if every check in front of it were forgotten. */
let platform: PlatformProcess;
let db: pg.Client;
let organisations: Map<string, number>;
let drillRealm: string;

const TLPS: readonly PlantedTlp[] = ["clear", "green", "amber", "amber+strict"];
const NAMED: readonly (readonly string[])[] = [[], ["MY"], ["CN:example-bank"]];
const reports = TLPS.flatMap((tlp, t) =>
  NAMED.map((to, n) => ({ tlp, to, value: `rls${t}${n}.example.com` })),
);

const CLOSED = "rls-closed.example.com";

beforeAll(async () => {
  platform = await startPlatform();
  const analyst = caller(platform.url, platform.key("SG"));
  for (const { tlp, to, value } of reports)
    await submitAndWait(analyst, markedFor(tlp, to), `value\n${value}\n`, "text/csv");
  await until(30_000, "the log", async () =>
    (await wholeLog(analyst)).length >= reports.length ? true : undefined,
  );
  await submitAndWait(analyst, markedFor("green", []), `value\n${CLOSED}\n`, "text/csv");
  await watchSomething(platform);
  const coordinator = caller(platform.url, platform.key("SG", "coordinator"));
  const drill = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL });
  expect(drill.status, drill.text).toBe(201);
  drillRealm = drill.body.realm;
  const core = await connectAs(platform.dataDir, "suar_core");
  const { rows } = await core.query<{ id: number; code: string }>("SELECT id, code FROM core.organisation");
  organisations = new Map(rows.map(({ id, code }) => [code, id]));
  await core.end();
  await closeTo(platform.dataDir, CLOSED, organisations.get("MY"));
  db = await connectAs(platform.dataDir, "app_read_live");
  await db.query("SET search_path = live");
});
afterAll(async () => {
  await db.end();
  await platform.remove();
});
const DENIED = "42501";
async function codeOf(sql: string, client = db): Promise<string | undefined> {
  return await client.query(sql).then(
    () => undefined,
    (error: { code: string }) => error.code,
  );
}

describe("the reading role", () => {
  test("sees nothing of what was closed to it: no entry, no body, no key", async () => {
    for (const [code, count] of [
      ["VN", 1],
      ["MY", 0],
    ] as const) {
      await db.query("BEGIN");
      await db.query("SELECT set_config('app.organisation', $1, true)", [String(organisations.get(code))]);
      const bodies = await db.query("SELECT id FROM rendition WHERE body LIKE '%' || $1 || '%'", [CLOSED]);
      const keys = await db.query("SELECT FROM observable WHERE key LIKE '%' || $1 || '%'", [CLOSED]);
      await db.query("ROLLBACK");
      expect([bodies.rows.length, keys.rows.length], code).toEqual([count, count]);
    }
  });

  test.each(READABLE)("fails on %s as long as nobody says for whom it reads", async (table) => {
    // 42704: there is no such setting; 22P02: it is there and empty.
    expect(["42704", "22P02"]).toContain(await codeOf(`SELECT count(*) FROM ${table}`));
  });

  test.each([...MEMBERS, ...AGENCIES])("sees as %s what is addressed to it, and no more", async (code) => {
    await db.query("BEGIN");
    await db.query("SELECT set_config('app.organisation', $1, true)", [String(organisations.get(code))]);
    const bodies = (await db.query<{ body: string }>("SELECT body FROM rendition")).rows
      .map(({ body }) => body)
      .join("\n");
    const keys = (await db.query<{ key: string }>("SELECT key FROM observable")).rows
      .map(({ key }) => key)
      .join("\n");
    const renditions = await db.query(
      "SELECT FROM rendition r WHERE NOT EXISTS (SELECT FROM log l WHERE l.rendition_id = r.id)",
    );
    const others = await db.query("SELECT FROM audience_organisation WHERE organisation_id <> $1", [
      organisations.get(code),
    ]);
    await db.query("ROLLBACK");
    for (const { tlp, to, value } of reports) {
      const expected = maySee({ tlp, producer: party("SG"), to }, party(code));
      expect(bodies.includes(value), `TLP:${tlp} to ${to.join()} in bodies`).toBe(expected);
      expect(keys.includes(value), `TLP:${tlp} to ${to.join()} in values`).toBe(expected);
    }
    expect(renditions.rowCount).toBe(0);
    expect(others.rowCount).toBe(0);
  });

  test("sees as the public what is CLEAR for nobody in particular, and no more", async () => {
    await db.query("BEGIN");
    await db.query("SELECT set_config('app.organisation', $1, true)", [String(PUBLIC.id)]);
    const { rows } = await db.query<{ body: string }>("SELECT body FROM rendition");
    await db.query("ROLLBACK");
    const bodies = rows.map(({ body }) => body).join("\n");
    for (const { tlp, to, value } of reports)
      expect(bodies.includes(value), `TLP:${tlp} to ${to.join()}`).toBe(isPublic({ tlp, to }));
  });

  test("sees as the public by nobody's key: nobody can be of it, whoever writes into core", async () => {
    const core = await connectAs(platform.dataDir, "suar_core");
    const [foreignKey, check] = ["23503", "23514"];
    const person = `INSERT INTO core.person (id, organisation_id, title, roles) VALUES (gen_random_uuid(), ${PUBLIC.id}, 'x', '{analyst}')`;
    const key = `INSERT INTO core.machine_key (id, realm, organisation_id, roles, label, secret_hmac, expires_at)
      VALUES ('x', 'live', ${PUBLIC.id}, '{analyst}', 'x', '', now())`;
    const organisation = `INSERT INTO core.organisation (id, code, member, kind, name)
      OVERRIDING SYSTEM VALUE VALUES (${PUBLIC.id}, 'SG:public', 'SG', 'agency', 'x')`;
    expect(await codeOf(person, core)).toBe(foreignKey);
    expect(await codeOf(key, core)).toBe(foreignKey);
    expect(await codeOf(organisation, core)).toBe(check);
    await core.end();
  });

  test("sees what has ended as nobody but its producer, from that instant on", async () => {
    const value = "rls-ends.example.com";
    const expires = new Date(Date.now() + 4_000).toISOString();
    const analyst = caller(platform.url, platform.key("SG"));
    await submitAndWait(analyst, `?tlp=green&expires=${expires}`, `value\n${value}\n`, "text/csv");
    const seenBy = async (code: string): Promise<boolean> => {
      await db.query("BEGIN");
      await db.query("SELECT set_config('app.organisation', $1, true)", [String(organisations.get(code))]);
      const bodies = await db.query("SELECT FROM rendition WHERE body LIKE $1", [`%${value}%`]);
      const keys = await db.query("SELECT FROM observable WHERE key LIKE $1", [`%${value}%`]);
      await db.query("ROLLBACK");
      expect(bodies.rowCount === 0).toBe(keys.rowCount === 0);
      return bodies.rowCount !== 0;
    };
    await until(20_000, "the entry", async () => ((await seenBy("MY")) ? true : undefined));
    await until(20_000, "the end", async () => (Date.parse(expires) <= Date.now() ? true : undefined));
    for (const code of ["MY", "CN", "MY:example-port"]) expect(await seenBy(code), code).toBe(false);
    expect(await seenBy("SG")).toBe(true);
    // What follows compares rows at rest.
    const vn = caller(platform.url, platform.key("VN"));
    await until(
      20_000,
      "those who had it to be told",
      async () =>
        (await vn.get("/v1/log?after=0&kinds=withdrawn")).body.items.some(
          ({ kind }: { kind: string }) => kind === "withdrawn",
        ) || undefined,
    );
  });

  test.each([...MEMBERS, ...AGENCIES])(
    "sees as %s, of every table with a policy, its own rows",
    async (code) => {
      const admin = await connectAs(platform.dataDir, "postgres");
      expect([...Object.keys(OWN_ROWS), ...OF_PEOPLE].sort()).toEqual(
        Object.keys(await policies(admin, "live")),
      );
      const id = organisations.get(code);
      for (const [table, own] of Object.entries(OWN_ROWS)) {
        const expected = await admin.query(
          `SELECT t::text AS row FROM live.${table} t WHERE ${own} ORDER BY 1`,
          [id],
        );
        await db.query("BEGIN");
        await db.query("SELECT set_config('app.organisation', $1, true)", [String(id)]);
        const seen = await db.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`);
        await db.query("ROLLBACK");
        expect(seen.rows, table).toEqual(expected.rows);
      }
      await admin.end();
    },
  );

  test("has a grant on nothing but what is released and what proves it, whatever tables there are", async () => {
    const admin = await connectAs(platform.dataDir, "postgres");
    const { rows } = await admin.query<{ schemaname: string; tablename: string }>(
      "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('live', 'core', 'bullmq', $1)",
      [drillRealm],
    );
    const { rows: readable } = await admin.query<{ name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables
        WHERE schemaname IN ('live', 'core', 'bullmq', $1)
          AND has_any_column_privilege('app_read_live', format('%I.%I', schemaname, tablename), 'SELECT')`,
      [drillRealm],
    );
    const { rows: writable } = await admin.query(
      `SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
          AND (has_any_column_privilege('app_read_live', format('%I.%I', schemaname, tablename), 'INSERT, UPDATE')
            OR has_table_privilege('app_read_live', format('%I.%I', schemaname, tablename), 'DELETE, TRUNCATE'))`,
    );
    await admin.end();
    expect(readable.map(({ name }) => name).sort()).toEqual(
      [...READABLE, ...EVERYBODYS].map((name) => `live.${name}`).sort(),
    );
    expect(writable).toEqual([]);
    const closed = rows.filter(
      ({ schemaname, tablename }) =>
        schemaname !== "live" || ![...READABLE, ...EVERYBODYS].includes(tablename),
    );
    expect(closed.map(({ tablename }) => tablename)).toEqual(
      expect.arrayContaining(["submission", "submission_chunk", "object_version", "staged", "unsequenced"]),
    );
    for (const { schemaname, tablename } of closed) {
      expect(await codeOf(`SELECT FROM ${schemaname}.${tablename}`), `${schemaname}.${tablename}`).toBe(
        DENIED,
      );
    }
  });

  test.each([
    "INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, leaf) VALUES (0, now(), 'x', 0, 0, '')",
    "UPDATE rendition SET body = ''",
    "DELETE FROM log",
    "TRUNCATE log",
    "SET ROLE app_write_live",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER TABLE log DISABLE ROW LEVEL SECURITY",
    "CREATE TABLE live.mine (x int)",
    "COPY log TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
  ])("may not: %s", async (sql) => {
    expect(await codeOf(sql)).toBe(DENIED);
  });

  test("cannot turn row-level security off for itself", async () => {
    await db.query("BEGIN");
    await db.query("SELECT set_config('app.organisation', $1, true)", [String(organisations.get("VN"))]);
    await db.query("SET LOCAL row_security = off");
    // PostgreSQL answers with an error in place of the rows that it would have to leave out.
    expect(await codeOf("SELECT count(*) FROM rendition")).toBe(DENIED);
    await db.query("ROLLBACK");
  });
});

describe("the log's tail", () => {
  test("sees every entry, and of what is not in the log nothing", async () => {
    const tail = await connectAs(platform.dataDir, "log_tail_live");
    const admin = await connectAs(platform.dataDir, "postgres");
    for (const table of ["log", "rendition", "audience_organisation", "closed", "watch_list"]) {
      const count = `SELECT count(*) FROM live.${table}`;
      expect((await tail.query(count)).rows, table).toEqual((await admin.query(count)).rows);
    }
    const { rows } = await admin.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'live' AND tablename <> ALL ($1)",
      [["log", "log_head", "rendition", "audience_organisation", "closed", "closing", "watch_list"]],
    );
    expect(await codeOf("SELECT id, rendition_id FROM live.closing", tail)).toBeUndefined();
    for (const column of ["organisation_id", "why"])
      expect(await codeOf(`SELECT ${column} FROM live.closing`, tail), column).toBe(DENIED);
    for (const { name } of rows) expect(await codeOf(`SELECT FROM live.${name}`, tail), name).toBe(DENIED);
    await Promise.all([tail.end(), admin.end()]);
  });
});

describe("the seal between realms", () => {
  const tables = ["log", "rendition", "observable", "submission", "submission_chunk", "webhook", "log_head"];

  test.each(["app_read", "app_write", "log_tail"])(
    "the drill's %s reads nothing of the live realm",
    async (kind) => {
      const client = await connectAs(platform.dataDir, `${kind}_${drillRealm}`);
      for (const table of tables)
        expect(await codeOf(`SELECT FROM live.${table}`, client), table).toBe(DENIED);
      for (const table of ["person", "machine_key", "sign_in_link", "drill_run", "organisation"]) {
        expect(await codeOf(`SELECT FROM core.${table}`, client), table).toBe(DENIED);
      }
      await client.end();
    },
  );

  test.each(["app_read", "app_write", "log_tail"])(
    "the live realm's %s reads nothing of the drill",
    async (kind) => {
      const client = await connectAs(platform.dataDir, `${kind}_live`);
      for (const table of tables)
        expect(await codeOf(`SELECT FROM ${drillRealm}.${table}`, client), table).toBe(DENIED);
      await client.end();
    },
  );

  test("the role that all realms share reads no content", async () => {
    const client = await connectAs(platform.dataDir, "suar_core");
    for (const realm of ["live", drillRealm]) {
      for (const table of tables)
        expect(await codeOf(`SELECT FROM ${realm}.${table}`, client), `${realm}.${table}`).toBe(DENIED);
    }
    await client.end();
  });
});
