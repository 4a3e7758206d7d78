import type { PoolClient, Queryable } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selectSightings } from "../../services/exchange/src/store/sighting.ts";
import { type GateScene, item, openGateScene, thing } from "../gate/gate-scene.ts";

/** What it takes to ask who saw something is the same whether thousands of others did or nobody: in pages, as for values. */
let scene: GateScene;
const MANY = 2_000;
const AT_ONCE = 1_000;
const SEEN_BY_OTHERS = "sighting:indicator--11111111-1111-4111-8111-111111111111";
const SEEN_BY_NOBODY = "sighting:indicator--22222222-2222-4222-8222-222222222222";
/** A probe may end at the edge of a page of the index, and look at the next. */
const EDGES = 6;

beforeAll(async () => {
  scene = await openGateScene();
  const my = await scene.context("MY");
  for (let made = 0; made < MANY; made += AT_ONCE) {
    const said = { tlp: "amber+strict", to: ["VN", "PH"], keys: [SEEN_BY_OTHERS] } as const;
    const all = Array.from({ length: AT_ONCE }, () => item(thing("tool", { name: "dunlin" }), said));
    await scene.state(my, ...all);
  }
  await scene.owner.query("ANALYZE live.observable; ANALYZE live.log; ANALYZE live.rendition");
});
afterAll(async () => await scene?.close());

async function asked(member: string, key: string): Promise<{ found: number; pages: number }> {
  const reader = await scene.inside.platform.directory.byCode(member);
  return await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
    let pages = 0;
    const counted = {
      query: async (text: string, values: unknown[]) => await query(db, text, values),
    } as Queryable;
    const query = async (pool: PoolClient | Queryable, text: string, values: unknown[]) => {
      const { rows } = await pool.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
      const [{ Plan: plan }] = (rows[0] as any)["QUERY PLAN"];
      pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
      return await pool.query(text, values);
    };
    const found = await selectSightings(counted, [key]);
    return { found: found.length, pages };
  });
}

test("who else saw something makes no difference to what it takes to ask who did", async () => {
  // A connection's first statement looks into the catalogs, too.
  await asked("TH", SEEN_BY_NOBODY);
  const [others, nobodys] = [await asked("TH", SEEN_BY_OTHERS), await asked("TH", SEEN_BY_NOBODY)];
  expect(others.found).toBe(0);
  expect(Math.abs(others.pages - nobodys.pages)).toBeLessThanOrEqual(EDGES);
});

test("and who may know of them finds them, and more is read: the pages are counted", async () => {
  const [own, nobodys] = [await asked("VN", SEEN_BY_OTHERS), await asked("VN", SEEN_BY_NOBODY)];
  expect(own.found).toBeGreaterThan(50);
  expect(own.pages).toBeGreaterThan(nobodys.pages + own.found);
});
