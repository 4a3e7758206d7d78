import { rmSync } from "node:fs";
import { join } from "node:path";
import { growingTree, growTree, serializeFrontier } from "@suar/merkle";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { audit, type Kept, keepEntries } from "../support/auditor.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { newWitness, QUORUM, registerWitness, witnessUpTo } from "../support/witnesses.ts";
import { markingOf, NOT_COMMITTED, TABLES, type Table } from "./tampering/tables.ts";

/** The owner of the database changes what is written in it; members find out by what they kept. */
let platform: PlatformProcess;
let owner: pg.Client;
let members: Kept[];
/** Where the rows of a table are that members' entries stand on. */
let rows: Record<Table, string>;

const FILLERS = 300;
const REPORT = "report--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a01";
const SECRET = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a02";
const OPEN = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a03";

beforeAll(async () => {
  platform = await startPlatform();
  const [sg, my, th] = ["SG", "MY", "TH"].map((member) => caller(platform.url, platform.key(member)));
  if (sg === undefined || my === undefined || th === undefined) throw new Error("no callers");
  const witnesses = QUORUM.map((member) => newWitness(platform, member));
  for (const witness of witnesses) await registerWitness(platform, witness);
  const table = Array.from({ length: FILLERS }, (_, n) => `host${n}.tamper.example.com`).join("\n");
  await submitAndWait(sg, "?tlp=green", `value\n${table}\n`, "text/csv");
  const json = "application/json";
  await submitAndWait(sg, "?tlp=amber%2Bstrict&to=MY", bundle(indicator(SECRET)), json);
  await submitAndWait(sg, "?tlp=green", bundle(indicator(OPEN), report()), json);
  await submitAndWait(sg, "?tlp=green", "value\ntaken-back.tamper.example.com\n", "text/csv");
  const named = async (api: typeof sg, id: string) =>
    (await wholeLog(api)).filter(({ object }) => object.id === id);
  const back = (await wholeLog(sg)).find(({ object }) => object.name === "taken-back.tamper.example.com");
  expect((await sg.post(`/v1/objects/${back.object.id}/withdraw`, {})).status).toBe(200);
  const withdrawn = await until(10_000, "the withdrawal", async () => {
    const found = await named(my, back.object.id);
    return found.length === 2 ? found : undefined;
  });
  await witnessUpTo(witnesses, withdrawn[1].seq);
  const redacted = (await wholeLog(th)).find(({ object }) => object.type === "report");
  const [secret] = await named(my, SECRET);
  const filler = (await wholeLog(th))[3];
  members = [
    await keepEntries(sg, "SG", [...(await named(sg, SECRET)), ...(await named(sg, REPORT))]),
    await keepEntries(my, "MY", [secret, ...withdrawn]),
    await keepEntries(th, "TH", [redacted, filler]),
  ];
  owner = await connectAs(platform.dataDir, "postgres");
  await owner.query("SET search_path = live");
  rows = await rowsOf(secret.seq);
}, 240_000);
afterAll(async () => {
  await owner?.end();
  await platform.remove();
});

function indicator(id: string): object {
  const at = "2026-01-07T00:00:00.000Z";
  const pattern = `[domain-name:value = '${id.slice(-4)}.tamper.example.com']`;
  const said = { pattern, pattern_type: "stix", valid_from: at, indicator_types: ["malicious-activity"] };
  return {
    type: "indicator",
    spec_version: "2.1",
    id,
    created: at,
    modified: at,
    name: id.slice(-4),
    ...said,
  };
}

function report(): object {
  const at = "2026-01-07T00:00:00.000Z";
  const said = { name: "r", published: at, object_refs: [SECRET, OPEN] };
  return { type: "report", spec_version: "2.1", id: REPORT, created: at, modified: at, ...said };
}

function bundle(...objects: object[]): string {
  return JSON.stringify({ type: "bundle", id: "bundle--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a09", objects });
}

async function rowsOf(secretSeq: number): Promise<Record<Table, string>> {
  const at = async (sql: string): Promise<any> => (await owner.query(sql)).rows[0];
  const { rendition_id, audience_id } = await at(`SELECT * FROM log WHERE seq = ${secretSeq}`);
  const { size } = await at("SELECT max(size) AS size FROM checkpoint WHERE witnessed_at IS NOT NULL");
  return {
    log: `seq = ${secretSeq}`,
    rendition: `id = ${rendition_id}`,
    audience: `id = ${audience_id}`,
    audience_organisation: `audience_id = ${audience_id} AND organisation_id =
      (SELECT id FROM core.organisation WHERE code = 'MY')`,
    log_head: "true",
    tree_tile: "true",
    log_epoch: "true",
    checkpoint: `size = ${size}`,
    cosignature: `size = ${size} AND member = 'CN'`,
    object_version: `stix_id = '${SECRET}'`,
    decision: `id = (SELECT decision_id FROM log WHERE seq = ${secretSeq})`,
  };
}

/** What any member finds wrong. */
async function whatIsFound(): Promise<string | undefined> {
  for (const kept of members) {
    const found = await audit(kept);
    if (found !== undefined) return `${kept.organisation}: ${found}`;
  }
  return undefined;
}

/** Changes a table as its owner can, with every check of the database's switched off; and puts it back afterwards. */
async function tampered<T>(table: string, change: string, look: () => Promise<T>): Promise<T> {
  const kept = `before_${table}`;
  await owner.query("SET session_replication_role = replica");
  await owner.query(`CREATE TABLE ${kept} AS SELECT * FROM ${table}`);
  try {
    const { rowCount } = await owner.query(change);
    expect(rowCount, change).toBe(1);
    return await look();
  } finally {
    await owner.query(`BEGIN; DELETE FROM ${table};
      INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM ${kept}; DROP TABLE ${kept}; COMMIT`);
    await owner.query("SET session_replication_role = DEFAULT");
  }
}

async function columnsOf(): Promise<{ table: Table; column: string; type: string }[]> {
  const { rows: found } = await owner.query<{ table: Table; column: string; type: string }>(
    `SELECT c.table_name AS table, c.column_name AS column, c.udt_name AS type
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'live' AND t.table_type = 'BASE TABLE' AND c.table_name = ANY($1)
      ORDER BY c.table_name, c.ordinal_position`,
    [TABLES],
  );
  return found;
}

describe("a change of the database", () => {
  test("is none before there is one", async () => {
    expect(await whatIsFound()).toBeUndefined();
  });

  test("of any column that is committed to is found, and every other one is named with its reason", async () => {
    const columns = await columnsOf();
    const unseen: string[] = [];
    for (const { table, column, type } of columns) {
      const name = `${table}.${column}`;
      if (NOT_COMMITTED[name] !== undefined) continue;
      const where = name === "rendition.sha256" ? "withdrawn" : rows[table];
      const change = `UPDATE ${table} SET ${column} = ${markingOf(type, column)} WHERE ctid =
        (SELECT ctid FROM ${table} WHERE ${where} LIMIT 1)`;
      if ((await tampered(table, change, whatIsFound)) === undefined) unseen.push(name);
    }
    expect(unseen).toEqual([]);
    const names = new Set(columns.map(({ table, column }) => `${table}.${column}`));
    const tables = new Set(columns.map(({ table }) => table));
    const gone = Object.keys(NOT_COMMITTED).filter(
      (name) => tables.has(name.split(".")[0] as Table) && !names.has(name),
    );
    expect(gone, "exempt, and no column").toEqual([]);
    expect(await whatIsFound()).toBeUndefined();
  }, 240_000);

  test("that removes a row, of any table, is found", async () => {
    const unseen: string[] = [];
    for (const table of TABLES) {
      if (table === "audience" || table === "log_head" || !(await isTable(table))) continue;
      const change = `DELETE FROM ${table} WHERE ctid = (SELECT ctid FROM ${table} WHERE ${rows[table]} LIMIT 1)`;
      if ((await tampered(table, change, whatIsFound)) === undefined) unseen.push(table);
    }
    expect(unseen).toEqual([]);
  }, 60_000);

  test("that inserts an entry is found: there is no receipt of it, and the pen writes nothing more", async () => {
    const forged = `INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, commitment, leaf)
      SELECT (SELECT max(seq) + 1 FROM log), now(), kind, rendition_id,
             (SELECT audience_id FROM log WHERE seq = 1), commitment, leaf FROM log WHERE ${rows.log}`;
    await tampered("log", forged, async () => {
      await tampered("log_head", "UPDATE log_head SET seq = seq + 1", async () => {
        const th = (members[2] as Kept).api;
        const item = (await wholeLog(th)).at(-1);
        const answer = await th.get(`/v1/tlog/receipts/${item.seq}`);
        expect([409, 500], answer.text).toContain(answer.status);
        await penRefuses();
      });
    });
    await penGoesOn();
  }, 60_000);

  test.each([
    "epoch = 'ffffffff'",
    "seq = seq - 1",
    "seq = seq + 1",
    "frontier = set_byte(frontier, 20, 255 - get_byte(frontier, 20))",
  ])(
    "of the log's head, %s, stops the pen",
    async (change) => {
      await tampered("log_head", `UPDATE log_head SET ${change}`, penRefuses);
      await penGoesOn();
    },
    60_000,
  );
});

async function isTable(table: string): Promise<boolean> {
  const { rowCount } = await owner.query(
    "SELECT FROM pg_tables WHERE schemaname = 'live' AND tablename = $1",
    [table],
  );
  return rowCount === 1;
}

const troubles = async () => (await caller(platform.url, undefined).get("/readyz")).body.troubles;

/** It has something to write, and does not. */
async function penRefuses(): Promise<void> {
  const sg = (members[0] as Kept).api;
  const { status } = await sg.raw(
    "/v1/submissions?tlp=green",
    `value\n${crypto.randomUUID()}.example.com\n`,
    {
      "content-type": "text/csv",
    },
  );
  expect(status).toBe(202);
  await until(10_000, "the trouble", async () => (await troubles())?.["log:live"]);
}

async function penGoesOn(): Promise<void> {
  await until(20_000, "the end of the trouble", async () =>
    (await troubles()) === undefined ? true : undefined,
  );
  await until(10_000, "a log that goes on", async () =>
    (await owner.query("SELECT FROM unsequenced")).rowCount === 0 ? true : undefined,
  );
  expect(await whatIsFound()).toBeUndefined();
}

test("a history that is rewritten throughout, tiles, head and checkpoints, is found by a member's own checkpoint", async () => {
  await owner.query(`UPDATE log SET leaf = sha256('another entry') WHERE seq = 5`);
  const { rows: leaves } = await owner.query<{ leaf: Buffer }>("SELECT leaf FROM log ORDER BY seq");
  const { tree } = growTree(
    growingTree(0, () => new Uint8Array()),
    leaves.map(({ leaf }) => leaf),
  );
  await owner.query("UPDATE tree_tile SET hashes = $1 WHERE level = 1", [Buffer.from(tree.partial[1] ?? [])]);
  await owner.query("UPDATE log_head SET frontier = $1", [Buffer.from(serializeFrontier(tree))]);
  await owner.query("DELETE FROM cosignature");
  await owner.query("DELETE FROM checkpoint");
  rmSync(join(platform.dataDir, "checkpoints"), { recursive: true });
  // The pen knows nothing better any more: it signs what it finds.
  await owner.end();
  await platform.stop();
  await platform.restart();
  await until(10_000, "a checkpoint of the new history", async () =>
    (await (members[0] as Kept).api.get("/v1/tlog/checkpoint")).status === 200 ? true : undefined,
  );
  expect(await troubles()).toBeUndefined();
  for (const kept of members) expect(await audit(kept)).toBe("another history");
}, 120_000);
