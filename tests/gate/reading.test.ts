import {
  explain,
  judgeRelease,
  prepareRelease,
  previewPending,
  type ReleaseContext,
  reevaluate,
  release,
  releasing,
} from "@suar/gate";
import type { Organisation } from "@suar/policy";
import { type PoolClient, transaction } from "@suar/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askedOf, type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;

beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene.close());

/** SG's, with a quota of people whom MY may be told of: whoever adds to that goes one after the other. */
async function underQuota(): Promise<ReleaseContext> {
  const context = await scene.context("SG");
  return { ...context, policies: withPair(context.policies, ["SG", "MY"], () => ({ quota: 1_000 })) };
}

/** Ends with PostgreSQL's 55P03 where it has to wait for anybody. */
async function atOnce<T>(work: (db: PoolClient) => Promise<T>): Promise<T> {
  return await transaction(scene.inside.realm.write, async (db) => {
    await db.query("SET LOCAL lock_timeout = '1s'");
    return await work(db);
  });
}

describe("while somebody releases under a quota of individuals", () => {
  test("whoever only looks waits for nothing, and whoever releases does", async () => {
    const context = await underQuota();
    const stated = thing("tool", { name: "dunlin one" });
    const waiting = thing("incident", { name: "dunlin waits" });
    await scene.state(context, item(stated), item(waiting, { to: ["MY"] }));
    const [asked] = await askedOf(scene, waiting.id);
    if (asked === undefined) throw new Error("nobody was asked");
    const known = (await scene.inside.platform.directory.all()) as readonly Organisation[];
    const looks: Record<string, (db: PoolClient) => Promise<unknown>> = {
      explains: async (db) => await explain(db, context, { stixId: stated.id }, known),
      previews: async (db) => await previewPending(db, context, asked, { member: "SG" }),
      "judges without a release": async (db) =>
        await judgeRelease(db, context, [item(thing("tool", { name: "dunlin two" }))]),
      "prepares ahead": async (db) =>
        await prepareRelease(db, context, [item(thing("tool", { name: "dunlin three" }))]),
    };
    await scene.write(async (db) => {
      await release(db, context, [item(thing("tool", { name: "dunlin open" }))]);
      for (const [what, look] of Object.entries(looks)) expect(await atOnce(look), what).toBeDefined();
      // Of another producer of the same member: the producers' locks are two, the count is one.
      const agency = { ...(await scene.context("SG:example-bank")), policies: context.policies };
      const other = atOnce(async (one) => await release(one, agency, [item(thing("tool", { name: "d" }))]));
      await expect(other).rejects.toMatchObject({ code: "55P03" });
    });
  });
});

describe("a release", () => {
  test("that was ended to free another is done again, and the pen is told once", async () => {
    const told: string[] = [];
    let tries = 0;
    const signals = { ...scene.inside.platform.signals, send: (channel: string) => void told.push(channel) };
    const { realm } = scene.inside;
    const work = async (db: PoolClient) => {
      tries += 1;
      if (tries === 1) await db.query("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$");
      return tries;
    };
    expect(await releasing({ signals }, realm, work)).toBe(2);
    expect(told).toHaveLength(1);
    expect(await releasing({ signals }, realm, work, () => undefined)).toBe(3);
    expect(told).toHaveLength(1);
  });

  test("that fails for another reason is not done again", async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      throw new Error("dunlin");
    };
    await expect(releasing(scene.inside.platform, scene.inside.realm, work)).rejects.toThrow("dunlin");
    expect(tries).toBe(1);
  });
});

describe("an explanation", () => {
  test("tells where a copy would name what it does not, and no longer once it is decided anew", async () => {
    const context = await scene.context("SG");
    const shut = {
      ...context,
      policies: withPair(context.policies, ["SG", "MY"], () => ({ allow: [], allowNamed: [], rules: [] })),
    };
    const [hidden, shown] = [
      thing("tool", { name: "wagtail hidden" }),
      thing("tool", { name: "wagtail shown" }),
    ];
    const about = thing("report", {
      ...{ name: "wagtail about", published: "2026-01-01T00:00:00Z" },
      object_refs: [hidden.id, shown.id],
    });
    await scene.state(shut, item(hidden));
    await scene.state(context, item(shown), item(about));
    const line = async () => {
      const { body } = await scene.as("SG").get(`/v1/explain?object=${about.id}&member=MY`);
      return body.stated.recipients[0];
    };
    expect(await line()).toMatchObject({ state: "released", differs: false });
    await scene.write(async (db) => await reevaluate(db, context, { stixIds: [hidden.id] }));
    expect(await line()).toMatchObject({ state: "released", differs: true, now: { names: [] } });
    await scene.write(async (db) => await reevaluate(db, context, { stixIds: [about.id] }));
    expect(await line()).toMatchObject({ state: "released", differs: false, now: { names: [] } });
  });
});
