import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPen, tileReader } from "@suar/log";
import {
  growingTree,
  growTree,
  leafHash,
  parseCheckpoint,
  parseNote,
  rootFromTiles,
  rootOf,
  serializeFrontier,
} from "@suar/merkle";
import { createLogger, createSecrets, type EmbeddedDatabase, type Realm, startEmbedded } from "@suar/runtime";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { ROOT } from "../support/compose-stack.ts";

/** A log from before there were tiles: it goes on under the same tree, and nothing of it is written anew. */
const directory = mkdtempSync(join(tmpdir(), "suar older "));
const log = createLogger("silent", "test");
const SIZE = 66_000;
const leafOf = (n: number): Buffer => Buffer.from(leafHash(Buffer.from(`older ${n}`)));
const leaves = Array.from({ length: SIZE }, (_, n) => leafOf(n + 1));
const empty = growingTree(0, () => new Uint8Array());
let database: EmbeddedDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await startEmbedded({ directory, password: "p".repeat(32), log, durable: false });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const role of ["app_write_older", "app_read_older", "app_inbox_older", "log_tail_older"])
    await client.query(`CREATE ROLE ${role}`);
  await client.query("CREATE ROLE suar_core");
  await migrate("core", "core");
  await migrate("realm", "older", 6);
  await client.query("SET search_path = older");
  await client.query(
    `INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, leaf)
     SELECT n, timestamptz '2026-01-01Z' + n * interval '1 microsecond', 'released', n, 1, leaf
       FROM unnest($1::bytea[]) WITH ORDINALITY AS l (leaf, n)`,
    [leaves],
  );
  const frontier = Buffer.from(serializeFrontier(growTree(empty, leaves).tree));
  await client.query("UPDATE log_head SET seq = $1, frontier = $2, logged_at = '2026-01-02Z'", [
    SIZE,
    frontier,
  ]);
  // Released, and not numbered yet when the platform was stopped.
  await client.query(
    `INSERT INTO unsequenced (kinds, renditions, audiences, leaves)
     VALUES ('{released,released}', '{1,2}', '{1,1}', $1)`,
    [[leafOf(SIZE + 1), leafOf(SIZE + 2)]],
  );
  await migrate("realm", "older");
});
afterAll(async () => {
  await client.end();
  await database.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function migrate(folder: string, schema: string, count = Number.POSITIVE_INFINITY): Promise<void> {
  const dir = join(ROOT, "migrations", folder);
  const how = { direction: "up", migrationsTable: "schema_migration", createSchema: true } as const;
  await runner({ dbClient: client, dir, count, schema, noLock: true, log: () => undefined, ...how });
}

test("an older log's tiles are those of its leaves", async () => {
  const root = await rootFromTiles(SIZE, tileReader(client));
  expect(Buffer.from(root)).toEqual(Buffer.from(rootOf(growTree(empty, leaves).tree)));
});

test("its pen writes on under the same tree: what waited keeps its leaf", async () => {
  const write = new pg.Pool({ connectionString: `${database.url}?options=-csearch_path%3Dolder` });
  const realm = { name: "older", write, purpose: (text: string) => text } as unknown as Realm;
  const pen = startPen({
    realm,
    signals: { send: () => undefined, listen: () => () => true, close: async () => undefined },
    log,
    secrets: createSecrets("s".repeat(32)),
    publicName: "suar",
    keepIn: join(directory, "checkpoints"),
    troubles: new Map(),
  });
  const note = await until(20_000, "a checkpoint", async () => {
    const { rows } = await client.query<{ note: string }>("SELECT note FROM checkpoint WHERE size = $1", [
      SIZE + 2,
    ]);
    return rows[0]?.note;
  });
  await pen.stop();
  await write.end();
  const all = [...leaves, leafOf(SIZE + 1), leafOf(SIZE + 2)];
  const root = parseCheckpoint(parseNote(note)?.text ?? "")?.root;
  expect(Buffer.from(root ?? [])).toEqual(Buffer.from(rootOf(growTree(empty, all).tree)));
  expect(readFileSync(join(directory, "checkpoints", "older.checkpoint"), "utf8")).toBe(note);
  const { rows } = await client.query("SELECT seq, commitment FROM log WHERE seq > $1 ORDER BY seq", [SIZE]);
  expect(rows).toEqual([
    { seq: SIZE + 1, commitment: null },
    { seq: SIZE + 2, commitment: null },
  ]);
});
