import { type MarkingChange, mark, markingOf, pendingOf, reevaluate } from "@suar/gate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wordsSetBack } from "../../packages/client/src/command/proofs/words-set-back.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";
import { address, calls, freshAddress } from "./victims-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** Marks what SG stated; how many organisations lost it, and gained. */
async function marked(stixId: string, change: MarkingChange) {
  const context = await scene.context("SG");
  const { id } = context.producer;
  const tag = (await markingOf(scene.inside.realm.write, id, stixId))?.tag ?? "";
  const order = { stixId, tag, by: "person:analyst" };
  const { marking, before, after } = await scene.write(async (db) => await mark(db, context, order, change));
  const [lost, gained] = [before.difference(after).size, after.difference(before).size];
  return { marking, lost, gained, holders: [...before] };
}

const stated = async (...items: Parameters<typeof item>[]) =>
  await scene.state(await scene.context("SG"), ...items.map((one) => item(...one)));
const sees = async (member: string, id: string) =>
  (await scene.as(member).get(`/v1/objects/${id}`)).body.assertions?.filter((one: any) => !one.withdrawn) ??
  [];

describe("an originator's marking of what it stated", () => {
  test("closes it to those who are not meant any more; who keeps it gets a version that bears the new marking", async () => {
    const object = thing("tool", { name: "redshank one" });
    await stated([object]);
    const done = await marked(object.id, { tlp: "amber", to: ["MY"] });
    expect(done.marking).toMatchObject({ tlp: "amber", to: ["MY"] });
    expect(done.lost).toBeGreaterThan(5);
    expect(done.gained).toBe(0);
    expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
    const [assertion] = await sees("MY", object.id);
    expect(assertion).toMatchObject({ tlp: "amber", object: { modified: "2026-01-01T00:00:00.001000Z" } });
    expect(assertion.object.object_marking_refs).toHaveLength(1);
    expect((await scene.as("TH").get("/v1/search?q=redshank")).body.items).toEqual([]);
  });

  test("makes a version that calls victims' what the one before did: the earlier may go, and it is so", async () => {
    const ip = address(freshAddress());
    const said = calls(ip);
    await stated([ip], [said]);
    await marked(said.id, { tlp: "amber" });
    const { rows } = await scene.owner.query(
      `SELECT o.version FROM live.object_version o JOIN live.victim_cause c ON c.cause = o.rendition_id::text
        WHERE o.stix_id = $1 AND c.name = $2`,
      [said.id, ip.id],
    );
    expect(rows, "both versions are causes").toHaveLength(2);
  });

  test.each([
    ["an object with versions", (n: number) => thing("tool", { name: `redshank again ${n}` }), false],
    ["an observable", (n: number) => thing("domain-name", { value: `again-${n}.redshank.example` }), false],
    ["what Suar made of a value", (n: number) => thing("tool", { name: `redshank made ${n}` }), true],
  ])("is not undone by stating it again: %s", async (_of, make, generated) => {
    for (const [n, change] of [{ tlp: "amber", to: ["MY"] }, { to: ["MY"] }].entries()) {
      const object = make(n);
      await stated([object, { generated }]);
      await marked(object.id, change as MarkingChange);
      expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
      expect(await stated([object, { generated }])).toMatchObject([{ outcome: "unchanged" }]);
      expect(await stated([object, { generated, to: ["TH", "MY"] }])).toMatchObject([
        { outcome: "unchanged" },
      ]);
      expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
      await scene.write(
        async (db) => await reevaluate(db, await scene.context("SG"), { stixIds: [object.id] }),
      );
      expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
    }
  });

  test("holds for newer versions, which say so, until it is widened the same way", async () => {
    const object = thing("tool", { name: "redshank two" });
    await stated([object]);
    await marked(object.id, { tlp: "amber", to: ["MY"] });
    const next = { ...object, modified: "2026-03-01T00:00:00.000Z", description: "more is known" };
    expect(await stated([next])).toMatchObject([{ outcome: "accepted", code: "held-narrower" }]);
    expect(await sees("TH", object.id)).toEqual([]);
    expect(await stated([{ ...next, modified: "2026-04-01T00:00:00.000Z" }, { to: ["TH"] }])).toMatchObject([
      { code: "held-narrower" },
    ]);
    expect(await sees("TH", object.id)).toEqual([]);
    const done = await marked(object.id, { tlp: "green", to: null });
    expect(done.gained).toBeGreaterThan(5);
    expect((await sees("TH", object.id))[0]).toMatchObject({ tlp: "green" });
    expect(await stated([{ ...next, modified: "2026-05-01T00:00:00.000Z" }])).toMatchObject([
      { outcome: "accepted" },
    ]);
  });

  test("addresses it to others alone, without another version; and back", async () => {
    const object = thing("tool", { name: "redshank three" });
    await stated([object, { tlp: "amber", to: ["MY"] }]);
    expect(await marked(object.id, { to: ["TH"] })).toMatchObject({ marking: { tlp: "amber", to: ["TH"] } });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    await marked(object.id, { to: ["MY", "TH"] });
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
  });

  test("gives nobody more by being stricter, its own agencies neither", async () => {
    const object = thing("tool", { name: "redshank stricter" });
    await stated([object, { tlp: "clear", to: ["MY"] }]);
    for (const tlp of ["green", "amber", "amber+strict"] as const)
      expect(await marked(object.id, { tlp }), tlp).toMatchObject({ gained: 0 });
    const other = thing("tool", { name: "redshank elsewhere" });
    await stated([other]);
    await marked(other.id, { to: ["TH"] });
    const next = { ...other, modified: "2026-03-01T00:00:00.000Z", name: "redshank further" };
    await stated([next, { to: ["MY"] }]);
    const bank = await scene.inside.platform.directory.byCode("SG:example-bank");
    const { holders } = await marked(other.id, { to: ["TH", "VN"] });
    expect(holders).not.toContain(bank?.id);
  });

  test("reaches all versions, however many, and what names it", async () => {
    const value = "many.redshank.example";
    const address = thing("domain-name", { value });
    const versions = Array.from({ length: 70 }, (_, n) => ({ ...address, x_n: n }));
    for (const version of versions) await stated([version, { keys: [`domain:${value}`] }]);
    const tie = thing("relationship", {
      relationship_type: "related-to",
      source_ref: address.id,
      target_ref: address.id,
    });
    await stated([tie]);
    // Their copies of the address bear ids of their own, and so do those of the relationship.
    const ties = async () =>
      (await scene.as("TH").get("/v1/log?after=0&limit=1000")).body.items.filter(
        ({ kind, object }: any) => kind === "released" && object.type === "relationship",
      );
    expect(await ties()).toHaveLength(1);
    await marked(address.id, { tlp: "amber+strict", to: ["MY"] });
    const log = JSON.stringify((await scene.as("TH").get("/v1/log?after=0&limit=1000")).body);
    expect(log).not.toContain(value);
    expect(await ties()).toEqual([]);
    expect((await scene.as("TH").get(`/v1/search?q=${value}`)).body.items).toEqual([]);
    expect((await scene.as("MY").get(`/v1/search?q=${value}`)).body.items).not.toEqual([]);
  });

  test("is its own alone: what another states of the id stays as that one said it", async () => {
    const object = thing("tool", { name: "redshank four" });
    await stated([object]);
    await scene.state(await scene.context("PH"), item(object));
    await marked(object.id, { tlp: "amber", to: ["MY"] });
    expect((await sees("TH", object.id)).map((one: any) => one.producer)).toEqual(["PH"]);
  });

  test("takes back what was asked, and asks where it is widened", async () => {
    const object = thing("incident", { name: "redshank five" });
    await stated([object, { tlp: "amber", to: ["MY"] }]);
    await marked(object.id, { to: ["TH"] });
    const asked = async () =>
      (await pendingOf(scene.inside.realm.write, { limit: 100 }))
        .filter((one) => one.stix_id === object.id)
        .map(({ state, organisations, asked_by: by }) => [state, organisations.length, by]);
    expect(await asked()).toEqual([
      ["lapsed", 1, "person:submitter"],
      ["pending", 1, "person:submitter"],
    ]);
    expect(await scene.told("TH", object.id)).toEqual([]);
  });

  test("is refused where somebody changed it meanwhile, or it is not there", async () => {
    const object = thing("tool", { name: "redshank six" });
    await stated([object]);
    const context = await scene.context("SG");
    const tag = (await markingOf(scene.inside.realm.write, context.producer.id, object.id))?.tag ?? "";
    await marked(object.id, { tlp: "amber", to: ["MY"] });
    const late = async (stixId: string) =>
      await scene.write(
        async (db) => await mark(db, context, { stixId, tag, by: "person:late" }, { tlp: "green" }),
      );
    await expect(late(object.id)).rejects.toMatchObject({ code: "edited-meanwhile" });
    await expect(late("tool--00000000-0000-4000-8000-00000000ffff")).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("tells of every version, also of what was taken back before it was stated again", async () => {
    const object = thing("tool", { name: "redshank seven" });
    const path = `/v1/objects/${object.id}/marking`;
    const versions = async () => (await scene.as("SG").get(path)).body.versions;
    await stated([object, { to: ["MY"] }]);
    const kept = await versions();
    expect((await scene.as("SG").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
    expect((await scene.as("SG").get(path)).status).toBe(404);
    await stated([{ ...object, modified: "2026-02-01T00:00:00.000Z" }, { to: ["MY"] }]);
    const told = await versions();
    expect([kept.length, told.length]).toEqual([1, 2]);
    expect(told[1]).toEqual(kept[0]);
    expect(setBack(object.id, kept, told)).toEqual([]);
    expect(setBack(object.id, kept, told.slice(0, 1))).toEqual(["changed-word"]);
  });
});

/** What a member that kept an answer finds in a later one. */
function setBack(id: string, kept: any, told: any): string[] {
  const answer = (place: string, versions: any) => [
    { place, said: { id, tlp: "green", pap: null, to: [], versions } },
  ];
  return wordsSetBack(answer("kept", kept) as any, answer("told", told) as any).map(({ code }) => code);
}
