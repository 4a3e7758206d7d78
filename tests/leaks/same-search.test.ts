import type { PoolClient } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selectByWords } from "../../services/exchange/src/store/assertion.ts";
import { type GateScene, item, openGateScene, thing } from "../gate/gate-scene.ts";

/**
 * What a search by words reads is the same whether others hold the words or nobody does: counted in rows, by PostgreSQL
 * itself, since a clock would tell more of the machine than of the search.
 */
let scene: GateScene;
const MANY = 40;
const LOOK_UP = { type: undefined, before: Number.MAX_SAFE_INTEGER, limit: 100 };

beforeAll(async () => {
  scene = await openGateScene();
  const said = Array.from({ length: MANY }, (_, n) => item(thing("tool", { name: `whimbrel ${n}` }), STRICT));
  await scene.state(await scene.context("MY"), ...said);
  // Copies for others stand beside the one that SG has of its own, with their words in the same row.
  const about = { name: "godwit", description: "told by tan.ah.kow@victim.example.sg", is_family: false };
  await scene.state(await scene.context("SG"), item(thing("malware", about)));
});
afterAll(async () => await scene?.close());

const STRICT = { tlp: "amber+strict" } as const;

/** What a member finds, and how many rows of each table were read for it. */
async function searched(member: string, words: string): Promise<{ found: number; read: object }> {
  const reader = await scene.inside.platform.directory.byCode(member);
  return await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
    const before = await rowsRead(db);
    const { rows } = await selectByWords(db, words, LOOK_UP);
    const after = await rowsRead(db);
    return {
      found: rows.length,
      read: Object.fromEntries([...after].map(([table, n]) => [table, n - (before.get(table) ?? 0)])),
    };
  });
}

async function rowsRead(db: PoolClient): Promise<Map<string, number>> {
  const { rows } = await db.query<{ table: string; n: number }>(
    `SELECT relname AS table, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS n
       FROM pg_stat_xact_user_tables WHERE schemaname = current_schema() ORDER BY relname`,
  );
  return new Map(rows.map(({ table, n }) => [table, n]));
}

test("reads as much for words that others alone hold as for words that nobody does", async () => {
  const nobodys = await searched("TH", "neverwritten");
  expect(nobodys.found).toBe(0);
  expect(await searched("TH", "whimbrel")).toEqual(nobodys);
  expect(await searched("TH", "whimbrel -7")).toEqual(nobodys);
  expect(await searched("TH", '"whimbrel 7"')).toEqual(nobodys);
  expect(await searched("TH", "tan.ah.kow@victim.example.sg")).toEqual(nobodys);
});

test("and more for what one holds oneself: the rows are counted", async () => {
  const nobodys = await searched("MY", "neverwritten");
  const own = await searched("MY", "whimbrel");
  expect(own.found).toBe(MANY);
  expect(own.read).not.toEqual(nobodys.read);
  expect((await searched("TH", "godwit")).found).toBe(1);
});
