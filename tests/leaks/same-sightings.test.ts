import type { PoolClient, Queryable } from "@suar/runtime";
import { keysOf } from "@suar/stix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sightingsOf } from "../../services/exchange/src/life/sightings-of.ts";
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
    const { rows } = await selectSightings(counted, [key], { ofAudience: 64, ofKey: 500 });
    return { found: rows.length, pages };
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

const DROWNED = "indicator--33333333-3333-4333-8333-333333333333";

/** What MY says of it, for VN and PH. */
async function flood(times: number): Promise<void> {
  const my = await scene.context("MY");
  const said = { tlp: "amber+strict", to: ["VN", "PH"] } as const;
  const all = Array.from({ length: times }, () => item(sighting(), { ...said, keys: keysOf(sighting()) }));
  await scene.state(my, ...all);
}

const sighting = () =>
  thing("sighting", {
    sighting_of_ref: DROWNED,
    count: 1,
    where_sighted_refs: [],
    first_seen: "2026-01-01T00:00:00Z",
  });

test("whoever says a thing a thousand times hides nobody else's word", async () => {
  const { directory } = scene.inside.platform;
  const ids = await Promise.all(
    ["MY", "PH", "TH", "VN"].map(async (code) => (await directory.byCode(code))?.id ?? 0),
  );
  const sayersFor = async (member: string): Promise<Set<number>> => {
    const reader = await directory.byCode(member);
    return await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
      const read = await sightingsOf(db, [DROWNED], ids);
      return new Set((read.get(DROWNED) ?? []).map(({ producer }) => producer));
    });
  };
  const [my = 0, ph = 0, th = 0] = ids;
  // Said before the flood, one to just those whom it reaches and one that VN may not see.
  await scene.state(await scene.context("PH"), saidTo(["MY", "VN"]));
  await scene.state(await scene.context("TH"), saidTo(["PH"]));
  await flood(AT_ONCE);
  expect(await sayersFor("VN")).toEqual(new Set([my, ph]));
  expect(await sayersFor("PH")).toEqual(new Set([my, ph, th]));
  expect(await sayersFor("BN")).toEqual(new Set());
});

const saidTo = (to: string[]) => item(sighting(), { tlp: "amber+strict", to, keys: keysOf(sighting()) });
