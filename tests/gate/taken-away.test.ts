import { setTimeout as sleep } from "node:timers/promises";
import { closeNarrowed, type ReleaseContext, reevaluate } from "@suar/gate";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { taxiiCaller } from "../e2e/taxii-caller.ts";
import { until } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type GateScene, openGateScene, thing, withPair } from "./gate-scene.ts";
import { recallScene } from "./recall-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** What ends so soon is released before, on a busy machine, too. */
const SOON_MS = 3_000;

const { stated, narrowTo, recalled, expectAsked } = recallScene(() => scene);

describe("the receipts of what was taken away", () => {
  const story = async (id: string, member: string) => {
    const { body } = await scene.as("SG").get(`/v1/objects/${id}/receipts`);
    return body.items.toReversed().flatMap(({ kind, object, receivers }: any) => {
      const own = receivers.find(({ organisation }: any) => organisation === member);
      return own === undefined ? [] : [{ kind, object, why: own.takenAway?.why ?? null, own }];
    });
  };
  const kinds = (all: any[]) => all.map(({ kind, why }) => [kind, why]);

  test("tell when and why, and what told of it; another member's are as they were", async () => {
    const object = thing("tool", { name: "cormorant receipted" });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    await scene.told("MY", object.id);
    const before = Date.now();
    await narrowTo(object.id, { to: ["TH"] });
    await scene.told("MY", object.id);
    expect(kinds(await story(object.id, "MY"))).toEqual([
      ["released", ["not-in-audience"]],
      ["withdrawn", null],
    ]);
    expect(kinds(await story(object.id, "TH"))).toEqual([["released", null]]);
    const [released] = await story(object.id, "MY");
    const { at } = released.own.takenAway;
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now() + 1_000);
    await narrowTo(object.id, { to: ["MY", "TH"] });
    expect(kinds(await story(object.id, "MY"))).toEqual([
      ["released", ["not-in-audience"]],
      ["withdrawn", null],
      ["released", null],
    ]);
    const recall = await recalled(object.id);
    await expectAsked("MY", recall, [object.id]);
    await scene.told("MY", object.id);
    const told = await story(object.id, "MY");
    expect(kinds(told)).toEqual([
      ["released", ["not-in-audience"]],
      ["withdrawn", null],
      ["released", ["withdrawn"]],
      ["withdrawn", null],
    ]);
    // The loss was acknowledged by nobody, the recall by its word.
    expect(told.map(({ own }: any) => own.acknowledgedAt !== null)).toEqual([false, false, false, true]);
    await until(15_000, "what was handed over", async () => {
      const [, lost, , last] = await story(object.id, "MY");
      return lost.own.delivered.length > 0 && last.own.delivered.length > 0 ? true : undefined;
    });
    expect((await scene.as("MY").get(`/v1/objects/${object.id}/receipts`)).status).toBe(404);
  });

  test("give the reason of the end that it had, and of a copy that came in its place", async () => {
    const object = thing("tool", { name: "cormorant ended" });
    const expires = new Date(Date.now() + SOON_MS).toISOString();
    await stated([object, { tlp: "amber", to: ["MY"], limits: { expires } }]);
    await until(20_000, "the end to be told", async () =>
      (await scene.told("MY", object.id)).includes("withdrawn") ? true : undefined,
    );
    expect(kinds(await story(object.id, "MY"))[0]).toEqual(["released", ["expired"]]);
    const named = thing("tool", { name: "cormorant named later" });
    const report = thing("report", {
      name: "cormorant replaced",
      published: "2026-01-01T00:00:00Z",
      object_refs: [named.id, object.id],
    });
    await stated([named, { tlp: "amber", to: ["MY"] }], [report, { tlp: "amber", to: ["MY"] }]);
    await narrowTo(named.id, { to: ["TH"] });
    expect(kinds(await story(report.id, "MY"))[0]).toEqual(["released", ["replaced"]]);
  });
});

describe("the receipts of what is taken away tell when it was closed, and when that was told", () => {
  const lossesOf = async (id: string) => {
    const { body } = await scene.as("SG").get(`/v1/objects/${id}/receipts`);
    const released = body.items.toReversed().filter(({ kind }: any) => kind === "released");
    return released.flatMap(({ receivers }: any) => {
      const own = receivers.find(({ organisation }: any) => organisation === "MY");
      return own === undefined ? [] : [own.takenAway];
    });
  };
  const shut = (context: ReleaseContext): ReleaseContext => {
    const effective = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
    return { ...context, policies: withPair(context.policies, ["SG", "MY"], () => ({ effective })) };
  };
  const close = async (context: ReleaseContext) =>
    await scene.write(async (db) => await closeNarrowed(db, context, { after: "", limit: 500 }));
  const decide = async (context: ReleaseContext, id: string) =>
    await scene.write(async (db) => await reevaluate(db, context, { stixIds: [id] }));

  test("where a pass closes first and tells later, or keeps it after all", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "shag closed early" });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    expect(await lossesOf(object.id)).toEqual([null]);
    await close(shut(context));
    const [closed] = await lossesOf(object.id);
    expect(closed).toEqual({ at: expect.any(String), toldAt: null, why: [] });
    await sleep(1_000);
    await decide(shut(context), object.id);
    const [told] = await lossesOf(object.id);
    expect(told).toMatchObject({ at: closed.at, why: [expect.any(String)] });
    expect(Date.parse(told.toldAt) - Date.parse(told.at)).toBeGreaterThanOrEqual(1_000);
    await decide(context, object.id);
    expect(await lossesOf(object.id)).toEqual([told, null]);
    await close(shut(context));
    expect(await lossesOf(object.id)).toEqual([told, { at: expect.any(String), toldAt: null, why: [] }]);
    await decide(context, object.id);
    expect(await lossesOf(object.id)).toEqual([told, null, null]);
    // The next is decided at once: it is closed and told by the same act.
    await decide(shut(context), object.id);
    const [, , last] = await lossesOf(object.id);
    expect(Date.parse(last.toldAt) - Date.parse(last.at)).toBeLessThan(1_000);
    await decide(context, object.id);
  });

  test("where it ended, before anybody came to it", async () => {
    const object = thing("tool", { name: "shag ended" });
    const expires = new Date(Date.now() + SOON_MS).toISOString();
    await stated([object, { tlp: "amber", to: ["MY"], limits: { expires } }]);
    const lost = await until(20_000, "the end to be told", async () => {
      const [found] = await lossesOf(object.id);
      if (found !== null) expect(found).toMatchObject({ at: expires, why: ["expired"] });
      return found?.toldAt ? found : undefined;
    });
    expect(Date.parse(lost.toldAt)).toBeGreaterThanOrEqual(Date.parse(expires));
  });

  test("where it was withdrawn, and the pen has not come to it", async () => {
    const object = thing("tool", { name: "shag withdrawn" });
    await stated([object, { tlp: "amber", to: ["MY"] }]);
    const holder = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
    await holder.connect();
    await holder.query("BEGIN; SELECT FROM live.log_head FOR UPDATE");
    try {
      expect((await scene.as("SG").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
      expect(await lossesOf(object.id)).toEqual([
        { at: expect.any(String), toldAt: null, why: ["withdrawn"] },
      ]);
    } finally {
      await holder.end();
    }
    const told = await until(
      20_000,
      "the word",
      async () => (await lossesOf(object.id))[0].toldAt ?? undefined,
    );
    expect(Date.parse(told)).toBeLessThanOrEqual(Date.now() + 1_000);
  });
});

describe("by TAXII, whoever loses what can be revoked", () => {
  const collected = async (member: string, id: string) => {
    const taxii = taxiiCaller(scene.platform.url, scene.platform.key(member));
    const path = `/taxii2/live/collections/all/objects/${id}/?match[version]=all`;
    const { status, body } = await taxii.get(path);
    return status === 404 ? [] : (body.objects ?? []);
  };

  test("is told so once: by a version that says nothing else", async () => {
    const object = thing("tool", { name: "cormorant revoked", description: "cormorant secret" });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    await narrowTo(object.id, { to: ["TH"] });
    const [revoked, ...others] = await collected("MY", object.id);
    expect(others).toEqual([]);
    expect(revoked).toMatchObject({ type: "tool", id: object.id, name: "Withdrawn", revoked: true });
    expect(Date.parse(revoked.modified)).toBeGreaterThan(Date.parse(object.modified as string));
    expect(JSON.stringify(revoked)).not.toContain("cormorant");
    expect(await collected("TH", object.id)).toMatchObject([{ name: "cormorant revoked" }]);
    expect(await collected("CN", object.id)).toEqual([]);
    await recalled(object.id);
    // No version comes after a revocation (STIX 2.1 §3.2).
    expect(await collected("MY", object.id)).toEqual([revoked]);
    expect(await collected("TH", object.id)).toMatchObject([{ name: "Withdrawn", revoked: true }]);
  });

  test("has it again, and it is revoked no more, when it is given back", async () => {
    const object = thing("tool", { name: "cormorant back" });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    await narrowTo(object.id, { to: ["TH"] });
    expect(await collected("MY", object.id)).toMatchObject([{ revoked: true }]);
    await narrowTo(object.id, { to: ["MY", "TH"] });
    expect(await collected("MY", object.id)).toMatchObject([{ name: "cormorant back" }]);
    await narrowTo(object.id, { to: ["TH"] });
    expect(await collected("MY", object.id)).toMatchObject([{ revoked: true }]);
  });

  test("and has nothing in the place of what cannot be", async () => {
    const object = thing("domain-name", { value: "cormorant.example" });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    expect(await collected("MY", object.id)).toHaveLength(1);
    await narrowTo(object.id, { to: ["TH"] });
    expect(await collected("MY", object.id)).toEqual([]);
  });
});
