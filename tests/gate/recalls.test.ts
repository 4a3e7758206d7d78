import { reevaluate } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caller, until } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";
import { newer, owing, recallScene } from "./recall-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const { stated, narrowTo, recalled, expectAsked } = recallScene(() => scene);

/** All that a member's log says under an id. */
async function entries(member: string, id: string): Promise<any[]> {
  const { body } = await scene.as(member).get("/v1/log?after=0&limit=500");
  return body.items.filter(({ object }: any) => object.id === id);
}

/** A withdrawal's entry says no more than the type, the id and the time that its reader had. */
function expectStub(entry: any, object: StixObject): void {
  expect(entry).toMatchObject({ kind: "withdrawn", producer: "SG" });
  expect(entry.object).toEqual({ type: object.type, id: object.id, modified: object.modified });
}

async function expectNotAsked(member: string, recall: any): Promise<void> {
  const { status } = await scene.as(member).get(`/v1/recalls/${recall.id}`);
  expect(status).toBe(404);
}

describe("a recall reaches whoever lost it before", () => {
  test("by a narrower marking: told once more, by the version that it had", async () => {
    const object = thing("tool", { name: "cormorant one" });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    await narrowTo(object.id, { to: ["TH"] });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    await stated([newer(object, "03", { description: "MY never had this" }), { tlp: "amber", to: ["TH"] }]);
    const recall = await recalled(object.id);
    expect(owing(recall)).toEqual({ MY: "open", TH: "open" });
    const told = await entries("MY", object.id);
    // In the place of the release, when it was lost, and now.
    expect(told).toHaveLength(3);
    for (const entry of told) expectStub(entry, object);
    expect(JSON.stringify(await scene.as("MY").get("/v1/log?after=0&limit=500"))).not.toContain("cormorant");
    expectStub((await entries("TH", object.id)).at(-1), newer(object, "03"));
    expect(await entries("CN", object.id)).toEqual([]);
    await expectAsked("MY", recall, [object.id]);
    await expectNotAsked("CN", recall);
  });

  test("by a policy of a pair", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "cormorant two" });
    await scene.state(context, item(object, { tlp: "amber", to: ["MY", "TH"] }));
    const ended = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
    const policies = withPair(context.policies, ["SG", "MY"], () => ({ effective: ended }));
    await scene.write(async (db) => await reevaluate(db, { ...context, policies }, { stixIds: [object.id] }));
    const recall = await recalled(object.id);
    expect(owing(recall)).toEqual({ MY: "open", TH: "open" });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn", "withdrawn", "withdrawn"]);
    await expectAsked("MY", recall, [object.id]);
  });

  test.each([
    ["before its end was told", false],
    ["after its end was told", true],
  ])("by its end, %s", async (_when, told) => {
    const object = thing("tool", { name: "cormorant three" });
    // Long enough that it is released before, on a busy machine, too.
    const expires = new Date(Date.now() + 3_000).toISOString();
    await stated([object, { tlp: "amber", to: ["MY"], limits: { expires } }]);
    if (told)
      await until(20_000, "the end to be told", async () =>
        (await scene.told("MY", object.id)).includes("withdrawn") ? true : undefined,
      );
    const recall = await recalled(object.id);
    expect(owing(recall)).toEqual({ MY: "open" });
    await until(10_000, "the end", async () => (Date.now() > Date.parse(expires) ? true : undefined));
    // What tells of the withdrawal has no end.
    for (const entry of await entries("MY", object.id)) expectStub(entry, object);
    expect((await entries("MY", object.id)).length).toBeGreaterThanOrEqual(2);
    await expectAsked("MY", recall, [object.id]);
  });

  test("by the id of the copy that it had", async () => {
    const named = thing("tool", { name: "cormorant named" });
    const report = thing("report", {
      name: "cormorant report",
      published: "2026-01-01T00:00:00Z",
      object_refs: [named.id, thing("tool", { name: "another" }).id],
    });
    await stated([named, { tlp: "amber", to: ["TH"] }], [report, { tlp: "amber", to: ["MY", "TH"] }]);
    const { body } = await scene.as("MY").get("/v1/search?q=cormorant%20report");
    const copy = body.items[0].object;
    expect(copy.id).not.toBe(report.id);
    await narrowTo(report.id, { to: ["TH"] });
    const recall = await recalled(report.id);
    expect(owing(recall)).toEqual({ MY: "open", TH: "open" });
    expect(await entries("MY", report.id)).toEqual([]);
    for (const entry of await entries("MY", copy.id)) expectStub(entry, copy);
    await expectAsked("MY", recall, [copy.id]);
  });

  test("and tells nobody, by no stream either, of a version that it did not have", async () => {
    const object = thing("tool", { name: "cormorant versions" });
    await stated([object]);
    const secret = "2026-07-13T00:00:00.123Z";
    await stated([
      { ...object, modified: secret },
      { tlp: "amber", to: ["TH"] },
    ]);
    await recalled(object.id);
    for (const member of ["MY", "CN"]) {
      const live = await openLive(scene.platform.url, scene.platform.key(member, "subscriber"), {
        after: "0",
      });
      await live.waitFor("the end", (messages) => messages.some(({ op }) => op === "caught-up"));
      live.close();
      const own = live.events.filter((event) => event.object.id === object.id);
      // Stated to fewer it was lost to them first.
      expect(own).toHaveLength(3);
      for (const entry of own) expectStub(entry, object);
      expect(JSON.stringify(live.messages)).not.toContain(secret);
    }
  });

  test("and nobody whom an earlier recall asked, though it be stated again", async () => {
    const object = thing("tool", { name: "cormorant four" });
    await stated([object, { tlp: "amber", to: ["MY"] }]);
    await recalled(object.id);
    const told = await scene.told("MY", object.id);
    await stated([newer(object, "02"), { tlp: "amber", to: ["TH"] }]);
    const recall = await recalled(object.id);
    expect(owing(recall)).toEqual({ TH: "open" });
    expect(await scene.told("MY", object.id)).toEqual(told);
    await expectNotAsked("MY", recall);
    const again = await scene.as("SG").post(`/v1/objects/${object.id}/withdraw`);
    expect(again.body.code).toBe("already-withdrawn");
  });

  test("also where it was withdrawn when nobody was asked", async () => {
    const object = thing("tool", { name: "cormorant five" });
    await stated([object, { tlp: "amber", to: ["MY"] }]);
    await forget((await recalled(object.id)).id);
    const late = await recalled(object.id);
    expect(owing(late)).toEqual({ MY: "open" });
    expectStub((await entries("MY", object.id)).at(-1), object);
    await forget(late.id);
    await stated([newer(object, "02"), { tlp: "amber", to: ["TH"] }]);
    const recall = await recalled(object.id);
    expect(owing(recall)).toEqual({ MY: "open", TH: "open" });
    expectStub((await entries("MY", object.id)).at(-1), object);
    expectStub((await entries("TH", object.id)).at(-1), newer(object, "02"));
    await expectAsked("MY", recall, [object.id]);
  });

  test("and says of a member that was removed that it cannot be reached", async () => {
    const object = thing("tool", { name: "cormorant six" });
    await stated([object, { tlp: "amber+strict", to: ["MY", "TL"] }]);
    await narrowTo(object.id, { to: ["MY"] });
    const operator = caller(scene.platform.url, scene.platform.operator);
    expect((await operator.send("DELETE", "/v1/members/TL")).status).toBe(200);
    const recall = await recalled(object.id);
    expect(owing(recall)).toEqual({ MY: "open", TL: "not-expected" });
    await scene.as("MY").post(`/v1/recalls/${recall.id}/acknowledgement`);
    expect((await scene.as("SG").get(`/v1/recalls/${recall.id}`)).body.state).toBe("acknowledged");
    await operator.post("/v1/members/TL/restore");
  });
});

/** As it was before recalls were written down. */
async function forget(recall: string): Promise<void> {
  await scene.owner.query("DELETE FROM live.recall_receiver WHERE recall_id = $1", [recall]);
  await scene.owner.query("DELETE FROM live.recall WHERE id = $1", [recall]);
}
