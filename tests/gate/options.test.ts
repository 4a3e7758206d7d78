import { setTimeout as sleep } from "node:timers/promises";
import { pendingOf, type ReleaseContext, type ReleaseItem, reevaluate } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
let context: ReleaseContext;
beforeAll(async () => {
  scene = await openGateScene();
  context = await scene.context("SG");
});
afterAll(async () => await scene?.close());

const tool = (name: string) => thing("tool", { name });
const state = async (object: StixObject, more: Partial<ReleaseItem> = {}) =>
  await scene.state(context, item(object, more));
const newer = (object: StixObject, month: string) => ({
  ...object,
  modified: `2026-${month}-01T00:00:00.000Z`,
});
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const sees = async (member: string, id: string) => await scene.holds(member, id);

const isTold = async ({ id }: StixObject) =>
  await until(15_000, "the end to be told", async () =>
    (await scene.told("MY", id)).includes("withdrawn") ? true : undefined,
  );

describe("what may be released to some alone", () => {
  test("goes to these, whatever the marking lets others see", async () => {
    const object = tool("heron alpha");
    await state(object, { limits: { releasableTo: ["MY", "TH"] } });
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
    expect(await scene.told("VN", object.id)).toEqual([]);
    expect(await scene.told("SG", object.id)).toEqual(["released"]);
  });

  test("is not widened by stating it again, and narrowed by what is stated then", async () => {
    const object = tool("heron beta");
    await state(object, { limits: { releasableTo: ["MY", "TH"] } });
    expect(await state(object)).toMatchObject([{ outcome: "unchanged" }]);
    expect(await scene.told("VN", object.id)).toEqual([]);
    await state(object, { limits: { releasableTo: ["TH", "VN"] } });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    expect(await scene.told("VN", object.id)).toEqual([]);
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    const anew = await scene.write(async (db) => await reevaluate(db, context, { stixIds: [object.id] }));
    expect(anew).toMatchObject({ narrowed: [], widened: [] });
  });

  test("holds for newer versions of which nothing is said, and what is said of them holds for the older", async () => {
    const object = tool("heron gamma");
    await state(object, { limits: { releasableTo: ["MY", "TH"] } });
    await state(newer(object, "02"));
    expect(await scene.told("VN", object.id)).toEqual([]);
    await state(newer(object, "03"), { limits: { releasableTo: ["MY", "VN"] } });
    expect(await scene.told("VN", object.id)).toEqual(["released"]);
    expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
  });

  test("holds for those, too, whom its originator names later", async () => {
    const object = tool("heron delta");
    await state(object, { tlp: "amber", to: ["MY", "TH"], limits: { releasableTo: ["MY"] } });
    expect(await scene.told("TH", object.id)).toEqual([]);
    await state(object, { tlp: "amber", to: ["VN"] });
    expect(await scene.told("VN", object.id)).toEqual([]);
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
  });
});

test("what is not to be forwarded stays with those who are named", async () => {
  const object = tool("heron epsilon");
  await state(object, { tlp: "amber", to: ["MY"], limits: { noForward: true } });
  const agencies = async () => {
    const { rows } = await scene.owner.query<{ code: string }>(
      `SELECT o.code FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
         JOIN live.audience_organisation a ON a.audience_id = l.audience_id
         JOIN core.organisation o ON o.id = a.organisation_id
        WHERE r.stix_id = $1 AND o.kind = 'agency'`,
      [object.id],
    );
    return rows.map(({ code }) => code).sort();
  };
  expect(await agencies()).toEqual([]);
  await state(object, { tlp: "amber", to: ["MY"] });
  expect(await agencies(), "said again without it").toEqual([]);
  await state(newer(object, "02"), { tlp: "amber", to: ["MY"], limits: { noForward: false } });
  expect((await agencies()).some((code) => code.startsWith("MY:"))).toBe(true);
});

test("every purpose that something was shared for counts, also in what is decided later", async () => {
  const asking = withPair(context.policies, ["SG", "MY"], (policy) => ({
    rules: [
      ...policy.rules,
      {
        id: "research",
        party: "exporter" as const,
        if: { purpose: ["research" as const] },
        // biome-ignore lint/suspicious/noThenProperty: the word of the vocabulary
        then: "approve" as const,
        approvers: ["SG:officer" as const],
        fourEyes: false,
        source: "test",
        guide: policy.rules[0]?.guide ?? "guide:test",
      },
    ],
  }));
  const under = { ...context, policies: asking };
  const object = tool("heron zeta");
  await scene.state(under, item(object, { limits: { purpose: "research" } }));
  expect(await scene.told("MY", object.id)).toEqual([]);
  expect(await scene.told("TH", object.id)).toEqual(["released"]);
  await scene.state(under, item(object, { limits: { purpose: "defence" } }));
  expect(await scene.told("MY", object.id), "said again for another purpose").toEqual([]);
  const pending = await pendingOf(scene.inside.realm.write, { limit: 500 });
  expect(pending.filter(({ stix_id: id, state: now }) => id === object.id && now === "pending")).toHaveLength(
    1,
  );
  const other = tool("heron eta");
  await scene.state(under, item(other));
  expect(await scene.told("MY", other.id)).toEqual(["released"]);
  await scene.state(under, item(other, { limits: { purpose: "research" } }));
  expect(await scene.told("MY", other.id), "it has to be asked for by now").toEqual(["withdrawn"]);
});

describe("what ends", () => {
  test("is over for everybody but its producer at that instant, without anybody doing anything", async () => {
    const object = tool("heron theta");
    const end = inMs(4_000);
    await state(object, { limits: { expires: end } });
    expect(await sees("MY", object.id)).toBe(true);
    expect((await scene.as("MY").get("/v1/search?q=theta")).body.items).toHaveLength(1);
    await sleep(Date.parse(end) - Date.now() + 20);
    expect(await sees("MY", object.id)).toBe(false);
    expect((await scene.as("MY").get("/v1/search?q=theta")).body.items).toEqual([]);
    expect(await sees("SG", object.id)).toBe(true);
  });

  test("is told to who had it, once, and of nothing else", async () => {
    const [object, later] = [tool("heron iota"), tool("heron kappa")];
    const end = inMs(4_000);
    await state(object, { limits: { expires: end } });
    await state(later, { limits: { expires: inMs(3_600_000) } });
    await isTold(object);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(end));
    expect(await scene.told("SG", object.id)).toEqual(["released"]);
    expect(await scene.told("MY", later.id)).toEqual(["released"]);
    const again = await scene.write(async (db) => await reevaluate(db, context, { stixIds: [object.id] }));
    expect(again).toMatchObject({ narrowed: [], widened: [] });
  });

  test("is told, however much ends at once", async () => {
    const end = inMs(4_000);
    const all = Array.from({ length: 45 }, (_, n) => tool(`heron lambda ${n}`));
    await scene.state(context, ...all.map((one) => item(one, { limits: { expires: end } })));
    for (const one of all) await isTold(one);
  });

  test("ends no later for being stated again, and earlier where that is said", async () => {
    const object = tool("heron xi");
    await state(object, { limits: { expires: inMs(3_600_000) } });
    await state(object);
    await state(object, { limits: { expires: inMs(7_200_000) } });
    const end = inMs(4_000);
    await state(object, { limits: { expires: end } });
    expect(await sees("MY", object.id)).toBe(true);
    await sleep(Date.parse(end) - Date.now() + 20);
    expect(await sees("MY", object.id)).toBe(false);
    await state(object, { limits: { expires: inMs(3_600_000) } });
    expect(await sees("MY", object.id), "this version is over").toBe(false);
    await state(newer(object, "02"), { limits: { expires: inMs(3_600_000) } });
    expect(await sees("MY", object.id)).toBe(true);
  });

  test("takes its older versions with it", async () => {
    const object = tool("heron omicron");
    await state(object);
    const end = inMs(4_000);
    await state(newer(object, "02"), { limits: { expires: end } });
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
    await sleep(Date.parse(end) - Date.now() + 20);
    expect(await scene.told("MY", object.id)).not.toContain("released");
  });

  test("is a new statement where it has no versions of its own and is stated again until later", async () => {
    const address = thing("domain-name", { value: "again.heron.example" });
    const end = inMs(4_000);
    await state(address, { limits: { expires: end } });
    await sleep(Date.parse(end) - Date.now() + 20);
    expect(await state(address)).toMatchObject([{ outcome: "unchanged" }]);
    expect(await sees("MY", address.id)).toBe(false);
    expect(await state(address, { limits: { expires: inMs(3_600_000) } })).toMatchObject([
      { outcome: "accepted" },
    ]);
    expect(await sees("MY", address.id)).toBe(true);
  });

  test("ends for whoever gets it later, too", async () => {
    const object = tool("heron pi");
    const end = inMs(2_000);
    await state(object, { tlp: "amber", to: ["MY"], limits: { expires: end } });
    await state(object, { tlp: "amber", to: ["TH"] });
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    await sleep(Date.parse(end) - Date.now() + 20);
    expect(await sees("TH", object.id)).toBe(false);
  });
});
