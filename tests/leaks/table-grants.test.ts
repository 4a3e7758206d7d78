import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import {
  functionGrants,
  type Grants,
  policies,
  rolesOf,
  schemaGrants,
  sequenceGrants,
  tableGrants,
} from "./grants/catalog.ts";
import * as expected from "./grants/expected.ts";

/** The second lock, from PostgreSQL's own catalog: what each role may do, whatever the application checks before. */
let platform: PlatformProcess;
let admin: pg.Client;
let roles: string[];
let drill: string;

beforeAll(async () => {
  platform = await startPlatform();
  const coordinator = caller(platform.url, platform.key("SG", "coordinator"));
  const made = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL });
  expect(made.status, made.text).toBe(201);
  drill = made.body.realm;
  admin = await connectAs(platform.dataDir, "postgres");
  roles = await rolesOf(admin);
});
afterAll(async () => {
  await admin?.end();
  await platform?.remove();
});

const OF_REALMS = { write: "app_write", read: "app_read", tail: "log_tail", inbox: "app_inbox" };

/** An expectation with the names that roles and schema have in a realm. */
function inRealm(told: expected.Expected, realm: string): Grants {
  const named = Object.entries(told).map(([thing, { as, core, ...roles }]) => {
    const own = Object.entries(roles).map(([role, may]) => [`${OF_REALMS[role as "read"]}_${realm}`, may]);
    const more = { ...(core && { suar_core: core }), ...(as && { as: as.replace("<realm>", realm) }) };
    return [thing, { ...Object.fromEntries(own), ...more }];
  });
  return Object.fromEntries(named);
}

/** Without the schema, which stands before signatures. */
function unqualified(grants: Grants, schema: string): Grants {
  return Object.fromEntries(
    Object.entries(grants).map(([name, may]) => [name.replace(`${schema}.`, ""), may]),
  );
}

describe("roles", () => {
  test("are those of core, and four of each realm", () => {
    const ofRealms = ["live", drill].flatMap((realm) =>
      Object.values(OF_REALMS).map((role) => `${role}_${realm}`),
    );
    expect(roles).toEqual([...ofRealms, "suar_core"].sort());
  });

  test("log in, and may nothing else by what they are", async () => {
    const { rows } = await admin.query(
      `SELECT rolname FROM pg_roles WHERE rolname = ANY ($1) AND (rolsuper OR rolcreaterole OR rolcreatedb
         OR rolreplication OR rolbypassrls OR NOT rolcanlogin)`,
      [roles],
    );
    expect(rows).toEqual([]);
  });

  test("are members of no other role, and none is a member of them", async () => {
    const { rows } = await admin.query(
      "SELECT FROM pg_auth_members WHERE member::regrole::text = ANY ($1) OR roleid::regrole::text = ANY ($1)",
      [roles],
    );
    expect(rows).toEqual([]);
  });

  test("own nothing but the queue's tables", async () => {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT DISTINCT relnamespace::regnamespace::text AS name FROM pg_class WHERE relowner::regrole::text = ANY ($1)
         AND relnamespace::regnamespace::text <> 'pg_toast'
       UNION SELECT pronamespace::regnamespace::text FROM pg_proc WHERE proowner::regrole::text = ANY ($1)`,
      [roles],
    );
    expect(rows).toEqual([{ name: "bullmq" }]);
  });

  test("are given nothing by default, now or of what is made later", async () => {
    expect((await admin.query("SELECT FROM pg_default_acl")).rowCount).toBe(0);
  });
});

describe.each(["live", "a drill"])("in the realm %s", (which) => {
  const name = (): string => (which === "live" ? "live" : drill);

  test("tables, views and columns give what is expected", async () => {
    expect(await tableGrants(admin, name(), roles)).toEqual(inRealm(expected.REALM_TABLES, name()));
  });

  test("so do sequences", async () => {
    expect(await sequenceGrants(admin, name(), roles)).toEqual(inRealm(expected.REALM_SEQUENCES, name()));
  });

  test("so do functions, whose owner's rights look into the realm alone", async () => {
    const found = unqualified(await functionGrants(admin, name(), roles), name());
    expect(found).toEqual(inRealm(expected.REALM_FUNCTIONS, name()));
  });

  test("row-level security has the policies that are expected", async () => {
    const told = JSON.stringify(expected.POLICIES).replaceAll("<realm>", name());
    expect(await policies(admin, name())).toEqual(JSON.parse(told));
  });

  test("readers reach no table without a policy but the log's head and what proves it", async () => {
    const open = Object.entries(await tableGrants(admin, name(), roles))
      .filter(([table, may]) => `app_read_${name()}` in may && !table.includes("."))
      .map(([table]) => table);
    const guarded = Object.keys(await policies(admin, name()));
    expect(open.filter((table) => !guarded.includes(table))).toEqual([
      "checkpoint",
      "cosignature",
      "log_epoch",
      "log_head",
      "tree_tile",
    ]);
  });
});

test("core gives what is expected, lets nobody call a function, and has no policy", async () => {
  const core = (told: expected.Expected): Grants =>
    Object.fromEntries(
      Object.entries(told).map(([thing, { core: may, write }]) => [
        thing,
        {
          ...(may && { suar_core: may }),
          ...(write && { app_write_live: write, [`app_write_${drill}`]: write }),
        },
      ]),
    );
  expect(await tableGrants(admin, "core", roles)).toEqual(core(expected.CORE_TABLES));
  expect(await sequenceGrants(admin, "core", roles)).toEqual(core(expected.CORE_SEQUENCES));
  expect(await functionGrants(admin, "core", roles)).toEqual(expected.CORE_FUNCTIONS);
  expect(await policies(admin, "core")).toEqual({});
});

test("schemas give what is expected, and there are no others", async () => {
  const found = await schemaGrants(admin, roles);
  const { "<realm>": ofRealm, public: shared, core, bullmq } = expected.SCHEMAS;
  for (const realm of ["live", drill])
    expect(found[realm], realm).toEqual(inRealm({ realm: ofRealm ?? {} }, realm).realm);
  expect(Object.keys(found).sort()).toEqual(["bullmq", "core", drill, "live", "public"].sort());
  expect(found.bullmq).toEqual({ suar_core: bullmq?.core });
  expect(found.core).toEqual({
    suar_core: core?.core,
    app_write_live: core?.write,
    [`app_write_${drill}`]: core?.write,
  });
  expect(Object.values(found.public ?? {})).toEqual(roles.map(() => shared?.read));
  expect(await tableGrants(admin, "public", roles)).toEqual({});
});

test("nothing outside of the realms runs with its owner's rights", async () => {
  const { rows } = await admin.query<{ schema: string }>(
    "SELECT DISTINCT pronamespace::regnamespace::text AS schema FROM pg_proc WHERE prosecdef ORDER BY 1",
  );
  expect(rows.map(({ schema }) => schema)).toEqual([drill, "live"].sort());
});

test("a reader's temporary tables do not stand in for the realm's", async () => {
  const analyst = caller(platform.url, platform.key("SG"));
  await submitAndWait(
    analyst,
    "?tlp=amber%2Bstrict",
    "value,description\nshadow.example.com,shadowword\n",
    "text/csv",
  );
  await until(30_000, "the log", async () => ((await wholeLog(analyst)).length > 0 ? true : undefined));
  const { rows } = await admin.query<{ id: number }>("SELECT id FROM core.organisation WHERE code = 'VN'");
  const reader = await connectAs(platform.dataDir, "app_read_live");
  try {
    await reader.query("SET search_path = live");
    await reader.query(
      "CREATE TEMP TABLE audience_organisation (audience_id integer, organisation_id integer)",
    );
    const own = [String(rows[0]?.id)];
    await reader.query(
      "INSERT INTO pg_temp.audience_organisation SELECT n, $1 FROM generate_series(1, 500) n",
      own,
    );
    await reader.query("SELECT set_config('app.organisation', $1, false)", own);
    const found = await reader.query("SELECT entries_with_words('shadowword', NULL, 1000000, 0, 10)");
    expect(found.rowCount).toBe(0);
  } finally {
    await reader.end();
  }
  const { rowCount } = await admin.query("SELECT FROM live.rendition WHERE words @@ 'shadowword'");
  expect(rowCount).toBeGreaterThan(0);
});
