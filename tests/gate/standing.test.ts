import { randomUUID } from "node:crypto";
import {
  approve,
  PlanOutdated,
  pendingOf,
  planReaders,
  prepareRelease,
  type ReleaseContext,
  reevaluate,
  release,
  releaseContext,
} from "@suar/gate";
import type { PairPolicy } from "@suar/policy";
import { readWholeStanding } from "@suar/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, item, officer, openGateScene, thing } from "./gate-scene.ts";
import { signPolicy } from "./sign-policy.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const FOREVER = { from: "2025-01-01T00:00:00Z", until: null };

const sign = async (importer: string, change: Partial<PairPolicy>) =>
  await signPolicy(scene, ["SG", importer], change);
const told = async (member: string, id: string) => await scene.told(member, id);

describe("a release that was judged before a policy was signed", () => {
  test("is judged again, by the one that is in force when it is written", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "kittiwake one" });
    await sign("MY", { effective: ENDED });
    await scene.state(context, item(object));
    expect(await told("MY", object.id)).toEqual([]);
    expect(await told("TH", object.id)).toEqual(["released"]);
  });

  test("is judged again where it was prepared ahead, too; what was prepared is gone", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "kittiwake two" });
    const items = [item(object)];
    const ahead = await prepareRelease(scene.inside.realm.write, context, items);
    await sign("PH", { effective: ENDED });
    await scene.write(async (db) => await release(db, context, items, ahead));
    expect(await told("PH", object.id)).toEqual([]);
    expect(await told("TH", object.id)).toEqual(["released"]);
    const { rowCount } = await scene.owner.query("SELECT FROM live.rendition WHERE stix_id = $1", [
      object.id,
    ]);
    expect(rowCount).toBe(1);
  });

  test("is not written where it was planned with others, whose plan is old: nothing is released", async () => {
    const made = await scene.context("SG");
    const object = thing("tool", { name: "kittiwake three" });
    const planned = await planReaders(scene.inside.realm.write, made, [], []);
    const context: ReleaseContext = { ...made, planned };
    await sign("VN", { effective: ENDED });
    await expect(scene.state(context, item(object))).rejects.toBeInstanceOf(PlanOutdated);
    expect(await told("SG", object.id)).toEqual([]);
    expect(await told("VN", object.id)).toEqual([]);
    expect(await scene.state({ ...(await scene.context("SG")), planned }, item(object))).toMatchObject([
      { outcome: "accepted" },
    ]);
  });

  test("waits for the lock of a pass, and sees what changed before the pass began", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "kittiwake four" });
    await sign("ID", { effective: ENDED });
    let released: Promise<unknown> = Promise.resolve();
    await scene.write(async (db) => {
      await reevaluate(db, context, { stixIds: [] });
      released = scene.state(context, item(object));
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await released;
    expect(await told("ID", object.id)).toEqual([]);
  });

  test("goes by a policy's own times as of when it is written", async () => {
    const object = thing("tool", { name: "kittiwake five" });
    const turn = Math.ceil((Date.now() + 1_000) / 1_000) * 1_000;
    const until = new Date(turn).toISOString().replace(".000Z", "Z");
    await sign("BN", { effective: { from: "2025-01-01T00:00:00Z", until } });
    const context = await scene.context("SG");
    const ahead = await prepareRelease(scene.inside.realm.write, context, [item(object)]);
    await new Promise((resolve) => setTimeout(resolve, turn + 50 - Date.now()));
    await scene.write(async (db) => await release(db, context, [item(object)], ahead));
    expect(await told("BN", object.id)).toEqual([]);
    expect(await told("TH", object.id)).toEqual(["released"]);
  });
});

describe("an approval, and a pass", () => {
  test("decide by what is in force when they write, whatever context they are handed", async () => {
    const context = await scene.context("SG");
    const object = thing("incident", { name: "kittiwake six" });
    await scene.state(context, item(object, { to: ["LA"] }));
    const [asked] = (await pendingOf(scene.inside.realm.write, { limit: 100, state: "pending" })).filter(
      (one) => one.stix_id === object.id,
    );
    await sign("LA", { effective: ENDED });
    const done = await scene.write(
      async (db) => await approve(db, context, asked?.id ?? "", officer("a", "SG")),
    );
    expect(done).toBe("asked-anew");
    expect(await told("LA", object.id)).toEqual([]);
    const open = thing("tool", { name: "kittiwake seven" });
    await sign("LA", { effective: FOREVER });
    const now = await scene.context("SG");
    await scene.state(now, item(open));
    expect(await told("LA", open.id)).toEqual(["released"]);
    await sign("LA", { effective: ENDED });
    await scene.write(async (db) => await reevaluate(db, now, { stixIds: [open.id] }));
    expect(await told("LA", open.id)).toEqual(["withdrawn"]);
  });
});

test("an organisation that is removed, and an agreement, change what decisions stand on", async () => {
  const { realm } = scene.inside;
  const fingerprint = async () =>
    (await readWholeStanding(realm.write, scene.inside.platform.trust)).fingerprint;
  const before = await fingerprint();
  expect(await fingerprint()).toBe(before);
  await scene.owner.query("UPDATE core.organisation SET status = 'removed' WHERE code = 'TL'");
  const without = await fingerprint();
  expect(without).not.toBe(before);
  const producer = await scene.inside.platform.directory.byCode("SG");
  if (producer === undefined) throw new Error("there is no SG");
  const said = { submissionId: null, word: "person:test" };
  const { organisations } = await releaseContext(scene.inside.platform, realm, producer, said);
  expect(organisations.some(({ code }) => code === "TL")).toBe(false);
  await scene.owner.query("UPDATE core.organisation SET status = 'active' WHERE code = 'TL'");
  // What was undone is a change, too: something may have been decided in between.
  const back = await fingerprint();
  expect([before, without]).not.toContain(back);
  expect(await fingerprint()).toBe(back);
  await scene.owner.query(
    `INSERT INTO core.agreement (id, kind, proposer, partner, title, begins, proposed_by, accepted_by, accepted_at)
     VALUES ($1, 'mou', 'SG', 'KH', 'A test', '2026-01-01', 'person:a', 'person:b', clock_timestamp())`,
    [randomUUID()],
  );
  const agreed = await fingerprint();
  expect(agreed).not.toBe(back);
  await scene.owner.query(
    "UPDATE core.agreement SET ended_by = 'person:a', ended_member = 'SG', ended_at = now()",
  );
  expect(await fingerprint()).toBe(back);
  await scene.owner.query(
    `INSERT INTO core.agreement (id, kind, proposer, partner, title, begins, proposed_by, accepted_by, accepted_at)
     VALUES ($1, 'mou', 'SG', 'KH', 'The next one', '2026-01-01', 'person:a', 'person:b', clock_timestamp())`,
    [randomUUID()],
  );
  expect([agreed, back]).not.toContain(await fingerprint());
});
