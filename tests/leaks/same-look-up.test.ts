import type { PoolClient, Queryable } from "@suar/runtime";
import { scoId } from "@suar/stix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selectByKey, selectCorrelated } from "../../services/exchange/src/store/assertion.ts";
import { type GateScene, item, openGateScene, thing } from "../gate/gate-scene.ts";

/**
 * What a look-up of a value reads is the same whether thousands of others' objects hold it or none does: counted in the
 * pages that PostgreSQL goes to (EXPLAIN BUFFERS), since a clock would tell more of the machine than of the look-up.
 */
let scene: GateScene;
const MANY = 10_000;
const AT_ONCE = 1_000;
const STRICT = { tlp: "amber+strict" } as const;
const LOOK_UP = { type: undefined, before: Number.MAX_SAFE_INTEGER, limit: 100 };

const THEIRS = "domain:theirs.example.com";
const SHARED = "domain:shared.example.com";
const ALONE = "domain:alone.example.com";
const TWICE = "ipv4:198.51.100.7";
const ONCE = "ipv4:198.51.100.8";
const NOBODYS = "domain:nobodys.example.com";

beforeAll(async () => {
  scene = await openGateScene();
  const [my, sg, cn] = [await scene.context("MY"), await scene.context("SG"), await scene.context("CN")];
  for (const [key, value] of [
    [TWICE, "198.51.100.7"],
    [ONCE, "198.51.100.8"],
  ] as const)
    await scene.state(await scene.context("TH"), item(address(value), { ...STRICT, keys: [key] }));
  // Of an observable each content is a version of its own, under one id.
  for (let n = 0; n < 40; n++) {
    const said = { ...address("198.51.100.7"), resolves_to_refs: [thing("mac-addr", {}).id] };
    await scene.state(n % 2 === 0 ? my : sg, item(said, { ...STRICT, keys: [TWICE] }));
  }
  // What stands beside it in the tables is another's.
  for (const key of [SHARED, ALONE]) {
    await scene.state(await scene.context("TH"), item(tool(), { ...STRICT, keys: [key] }));
    await scene.state(my, ...Array.from({ length: 20 }, () => item(tool(), STRICT)));
  }
  // Of several audiences, all of which TH is not in.
  for (let made = 0; made < MANY; made += AT_ONCE) {
    const to = (made / AT_ONCE) % 2 === 0 ? [] : ["VN", "PH"];
    const keys = [THEIRS, SHARED];
    const said = Array.from({ length: AT_ONCE }, () => item(tool(), { ...STRICT, keys, to }));
    await scene.state(made % 3 === 0 ? sg : my, ...said);
  }
  await scene.state(cn, item(tool(), { ...STRICT, keys: [THEIRS, SHARED], to: ["VN"] }));
  await scene.owner.query("ANALYZE live.observable; ANALYZE live.log; ANALYZE live.rendition");
});
afterAll(async () => await scene?.close());

/** The same id for the same value, as for every producer. */
const address = (value: string) => ({
  ...thing("ipv4-addr", { value }),
  id: scoId({ type: "ipv4-addr", value }),
});

const tool = () => thing("tool", { name: "dunlin" });

/** Counts the pages of all statements that go through it. */
class Counted {
  pages = 0;
  readonly #db: PoolClient;

  constructor(db: PoolClient) {
    this.#db = db;
  }

  query = (async (text: string, values: unknown[]) => {
    const { rows } = await this.#db.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
    const [{ Plan: plan }] = rows[0]["QUERY PLAN"];
    this.pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    return await this.#db.query(text, values);
  }) as Queryable["query"];
}

/** What a member finds, and how many pages were gone to for it. */
async function lookedUp(
  member: string,
  key: string,
): Promise<{ found: number; also: number; pages: number }> {
  const reader = await scene.inside.platform.directory.byCode(member);
  return await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
    const counted = new Counted(db);
    const { rows } = await selectByKey(counted, key, LOOK_UP);
    const also = await selectCorrelated(
      counted,
      rows.map(({ rendition_id }) => rendition_id),
    );
    return { found: rows.length, also: also.length, pages: counted.pages };
  });
}

/** A probe may end at the edge of a page of the index, and look at the next. */
const EDGES = 6;

test("a value that others' objects hold takes as much as one that nobody's does", async () => {
  const [theirs, nobodys] = [await lookedUp("TH", THEIRS), await lookedUp("TH", NOBODYS)];
  expect(theirs.found).toBe(0);
  expect(Math.abs(theirs.pages - nobodys.pages)).toBeLessThanOrEqual(EDGES);
});

test("of a value that one holds oneself it makes no difference who else does", async () => {
  const [shared, alone] = [await lookedUp("TH", SHARED), await lookedUp("TH", ALONE)];
  expect(shared).toMatchObject({ found: 1, also: 1 });
  expect(alone).toMatchObject({ found: 1, also: 1 });
  expect(Math.abs(shared.pages - alone.pages)).toBeLessThanOrEqual(EDGES);
});

test("nor how often others stated the very id that holds it", async () => {
  const { rows } = await scene.owner.query("SELECT FROM live.rendition WHERE stix_id = $1", [
    address("198.51.100.7").id,
  ]);
  expect(rows.length).toBeGreaterThan(40);
  const [twice, once] = [await lookedUp("TH", TWICE), await lookedUp("TH", ONCE)];
  expect(twice).toMatchObject({ found: 1, also: 1 });
  expect(once).toMatchObject({ found: 1, also: 1 });
  expect(Math.abs(twice.pages - once.pages)).toBeLessThanOrEqual(EDGES);
});

test("and who holds it finds it, and more is read: the pages are counted", async () => {
  const [own, nobodys] = [await lookedUp("VN", THEIRS), await lookedUp("VN", NOBODYS)];
  expect(own.found).toBe(LOOK_UP.limit);
  expect(own.pages).toBeGreaterThan(nobodys.pages + 10 * LOOK_UP.limit);
});
