import { afterAll, beforeAll, expect, test } from "vitest";
import { selectByKey, selectCorrelated } from "../../services/exchange/src/store/assertion.ts";
import { selectHolding } from "../../services/exchange/src/store/holding.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** Ids that a member finds by a value, page by page, and how many pages it took. */
async function found(member: string, key: string, limit: number): Promise<{ ids: string[]; pages: number }> {
  const reader = await scene.inside.platform.directory.byCode(member);
  return await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
    const ids: string[] = [];
    let before: number | undefined = Number.MAX_SAFE_INTEGER;
    let pages = 0;
    for (; before !== undefined; pages++) {
      const page = await selectByKey(db, key, { type: undefined, before, limit });
      ids.push(...page.rows.map(({ body }) => JSON.parse(body).id));
      before = page.downTo;
    }
    return { ids, pages };
  });
}

const tool = () => thing("tool", { name: "plover" });

test("everything that holds a value is on one of its pages, once, of whichever audience it is", async () => {
  const [sg, my] = [await scene.context("SG"), await scene.context("MY")];
  const keys = ["domain:plover.example.com"];
  const stated: string[] = [];
  for (const [context, more] of [
    [sg, {}],
    [my, {}],
    [sg, { tlp: "amber+strict", to: ["TH", "MY"] }],
    [my, { tlp: "amber+strict", to: ["TH"] }],
    [sg, {}],
  ] as const) {
    const objects = Array.from({ length: 60 }, tool);
    stated.push(...objects.map(({ id }) => id));
    await scene.state(context, ...objects.map((object) => item(object, { keys, ...more })));
  }
  for (const limit of [7, 100]) {
    const { ids, pages } = await found("TH", keys[0] ?? "", limit);
    expect(ids.toSorted()).toEqual(stated.toSorted());
    expect(pages).toBeGreaterThan(1);
  }
});

test("whoever has a copy finds the copy, and no other than its own", async () => {
  const key = "domain:lapwing.example.com";
  const about = {
    name: "lapwing",
    contact_information: "tan.ah.kow@victim.example.sg",
    identity_class: "group",
  };
  const said = Array.from({ length: 30 }, () => item(thing("identity", about), { keys: [key] }));
  await scene.state(await scene.context("SG"), ...said);
  const [own, others] = [await found("SG", key, 9), await found("TH", key, 9)];
  expect(new Set(own.ids).size).toBe(30);
  expect(new Set(others.ids).size).toBe(30);
  expect(own.ids.filter((id) => others.ids.includes(id))).toEqual([]);
});

test("who is sent it later finds it by its value, and by whom else it is reported", async () => {
  const key = "domain:curlew.example.com";
  const object = tool();
  const context = await scene.context("SG");
  await scene.state(context, item(object, { tlp: "amber+strict", to: ["MY"], keys: [key] }));
  expect((await found("TH", key, 10)).ids).toEqual([]);
  await scene.state(context, item(object, { tlp: "amber+strict", to: ["TH"], keys: [key] }));
  expect((await found("TH", key, 10)).ids).toEqual([object.id]);
  expect((await found("MY", key, 10)).ids).toEqual([object.id]);
  await scene.state(await scene.context("TH"), item(tool(), { tlp: "amber+strict", keys: [key] }));
  expect(await reporters("TH", key)).toEqual(["SG", "TH"]);
  expect(await reporters("MY", key)).toEqual(["SG"]);
});

/** So many audiences, each of them one that TH is in. */
const AUDIENCES = 40;
const audienceOf = (n: number) => [
  "TH",
  ...["CN", "MY", "VN", "PH", "KH", "LA"].filter((_, bit) => (((n % AUDIENCES) + 1) >> bit) & 1),
];

test("who was sent it in very many audiences has no more loaded for a page than who was in one", async () => {
  const key = "domain:whimbrel.example.com";
  const objects = Array.from({ length: 20 * AUDIENCES }, tool);
  await scene.state(
    await scene.context("SG"),
    ...objects.map((object, n) => item(object, { tlp: "amber+strict", to: audienceOf(n), keys: [key] })),
  );
  const most = 18;
  const asked = [Number.MAX_SAFE_INTEGER, key, most];
  const reader = await scene.inside.platform.directory.byCode("TH");
  await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
    let [text, loaded] = ["", 0];
    const query = async (sent: string, values: unknown[]) => {
      const done = await db.query(sent, values);
      [text, loaded] = [sent, done.rows.length];
      return done;
    };
    const { ids, bottom } = await selectHolding({ query } as never, key, {
      before: asked[0] as number,
      most,
    });
    expect(loaded).toBe(most);
    expect(ids.length).toBeLessThanOrEqual(most);
    expect(ids.length).toBeGreaterThan(0);
    expect(bottom).toBeDefined();
    const { rows } = await db.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, asked);
    expect(rowsOf(rows[0]["QUERY PLAN"][0].Plan, "observable")).toBeLessThanOrEqual(AUDIENCES + most * most);
  });
  for (const limit of [20, 100]) {
    const { ids } = await found("TH", key, limit);
    expect(ids.toSorted()).toEqual(objects.map(({ id }) => id).toSorted());
  }
});

type Plan = { "Relation Name"?: string; "Actual Rows": number; "Actual Loops": number; Plans?: Plan[] };

/** How many rows of a table a plan read. */
function rowsOf(plan: Plan, table: string): number {
  const rows = Math.round(plan["Actual Rows"] * plan["Actual Loops"]);
  const own = plan["Relation Name"] === table ? rows : 0;
  return own + (plan.Plans ?? []).reduce((sum, one) => sum + rowsOf(one, table), 0);
}

/** Whose objects share a value with the newest one that a member finds by it. */
async function reporters(member: string, key: string): Promise<string[]> {
  const { directory } = scene.inside.platform;
  const reader = await directory.byCode(member);
  const rows = await scene.inside.realm.readAs(reader?.id ?? 0, async (db) => {
    const page = await selectByKey(db, key, { type: undefined, before: Number.MAX_SAFE_INTEGER, limit: 1 });
    return await selectCorrelated(
      db,
      page.rows.map(({ rendition_id }) => rendition_id),
    );
  });
  const codes = await Promise.all(
    rows.map(async ({ producer }) => (await directory.byId(producer))?.code ?? "?"),
  );
  return codes.sort();
}
