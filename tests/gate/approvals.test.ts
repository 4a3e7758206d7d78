import { approve, lapse, pendingOf, previewPending, reevaluate, refuse } from "@suar/gate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, item, officer, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const incident = (name: string) => thing("incident", { name });

async function stated(name: string, to = ["MY"]) {
  const context = await scene.context("SG");
  const object = incident(name);
  const outcomes = await scene.state(context, item(object, { to }));
  const asked = (await pendingOf(scene.inside.realm.write, { limit: 100 })).filter(
    (one) => one.stix_id === object.id,
  );
  return { context, object, outcomes, asked };
}

const waitingFor = async (stixId: string) =>
  await pendingOf(scene.inside.realm.write, { stixIds: [stixId], state: "pending", limit: 10 });

const pendingId = (asked: { id: string }[]) => asked[0]?.id ?? "";

describe("what needs an approval", () => {
  test("is released to nobody before, and nobody learns of it", async () => {
    const { object, outcomes, asked } = await stated("zebrafinch one");
    expect(outcomes).toMatchObject([{ outcome: "accepted", waiting: ["MY"] }]);
    expect(asked).toMatchObject([{ state: "pending", approvers: ["SG:officer"], four_eyes: false }]);
    expect((await scene.as("MY").get(`/v1/objects/${object.id}`)).status).toBe(404);
    expect((await scene.as("MY").get("/v1/search?q=zebrafinch")).body.items).toEqual([]);
    expect(await scene.told("MY", object.id)).toEqual([]);
    const renditions = await scene.owner.query("SELECT FROM live.rendition WHERE stix_id = $1", [object.id]);
    expect(renditions.rowCount).toBe(1);
  });

  test("is released once an officer agrees, and tells who did", async () => {
    const { context, object, asked } = await stated("zebrafinch two");
    const done = await scene.write(async (db) => await approve(db, context, pendingId(asked), officer("a")));
    expect(done).toBe("released");
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
    const { rows } = await scene.owner.query<{ body: string }>(
      "SELECT d.body FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id JOIN live.decision d ON d.id = l.decision_id WHERE r.stix_id = $1 ORDER BY l.seq DESC",
      [object.id],
    );
    expect(JSON.parse(rows[0]?.body ?? "")).toMatchObject({
      decision: "approve",
      approved: { approvals: 1, roles: ["SG:officer"] },
    });
    await expect(
      scene.write(async (db) => await approve(db, context, pendingId(asked), officer("b"))),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("is approved by no one else than who is asked, and never on the submitter's own word", async () => {
    const { context, asked } = await stated("zebrafinch three");
    const by = async (who: ReturnType<typeof officer>) =>
      await scene.write(async (db) => await approve(db, context, pendingId(asked), who));
    await expect(by(officer("a", "TH"))).rejects.toMatchObject({ code: "forbidden" });
    await expect(by(officer("submitter"))).rejects.toMatchObject({ code: "second-person-needed" });
  });

  test("needs two different people where the rule wants four eyes", async () => {
    const made = await scene.context("SG");
    const policies = withPair(made.policies, ["SG", "MY"], ({ rules }) => ({
      rules: rules.map((one) => (one.then === "approve" ? { ...one, fourEyes: true } : one)),
    }));
    const context = { ...made, policies };
    const object = incident("zebrafinch four");
    await scene.state(context, item(object, { to: ["MY"] }));
    const [asked] = (await pendingOf(scene.inside.realm.write, { limit: 100, state: "pending" })).filter(
      (one) => one.stix_id === object.id,
    );
    const by = async (name: string) =>
      await scene.write(async (db) => await approve(db, context, asked?.id ?? "", officer(name)));
    expect(await by("a")).toBe("waits");
    await expect(by("a")).rejects.toMatchObject({ code: "second-person-needed" });
    expect(await scene.told("MY", object.id)).toEqual([]);
    // Nor are they two because the row has the one word twice.
    const twice = "state = 'approved', approvals = approvals || approvals";
    await scene.owner.query(`UPDATE live.pending_release SET ${twice} WHERE id = $1`, [asked?.id]);
    await scene.write(async (db) => await reevaluate(db, context, { stixIds: [object.id] }));
    expect(await scene.told("MY", object.id)).toEqual([]);
    const once = "state = 'pending', approvals = approvals - 1";
    await scene.owner.query(`UPDATE live.pending_release SET ${once} WHERE id = $1`, [asked?.id]);
    expect(await by("b")).toBe("released");
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
  });

  test("is asked anew where another outcome is decided by then", async () => {
    const { context, object, asked } = await stated("zebrafinch five");
    const changed = { ...context, policies: withPair(context.policies, ["SG", "MY"], () => ({})) };
    expect(await scene.write(async (db) => await approve(db, changed, pendingId(asked), officer("a")))).toBe(
      "asked-anew",
    );
    expect(await scene.told("MY", object.id)).toEqual([]);
    const now = (await pendingOf(scene.inside.realm.write, { limit: 100 })).filter(
      (one) => one.stix_id === object.id,
    );
    expect(now.map(({ state }) => state).sort()).toEqual(["lapsed", "pending"]);
    const again = now.find(({ state }) => state === "pending")?.id ?? "";
    expect(await scene.write(async (db) => await approve(db, changed, again, officer("a")))).toBe("released");
  });

  test("stays released when it is decided anew, until something else is to be agreed to", async () => {
    const { context, object, asked } = await stated("zebrafinch eight");
    await scene.write(async (db) => await approve(db, context, pendingId(asked), officer("a")));
    const suar = { ...context, word: "suar" };
    const pass = async (by: typeof context) =>
      await scene.write(async (db) => await reevaluate(db, by, { stixIds: [object.id] }));
    expect(await pass(suar)).toMatchObject({ narrowed: [], widened: [] });
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
    const changed = { ...suar, policies: withPair(context.policies, ["SG", "MY"], () => ({})) };
    expect(await pass(changed)).toMatchObject({ narrowed: [object.id], widened: [] });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    const [anew] = (await pendingOf(scene.inside.realm.write, { limit: 100, state: "pending" })).filter(
      (one) => one.stix_id === object.id,
    );
    // The word is its submitter's, whoever decided it anew.
    expect(anew).toMatchObject({ asked_by: "person:submitter" });
    const done = await scene.write(async (db) => await approve(db, changed, anew?.id ?? "", officer("b")));
    expect(done).toBe("released");
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
  });

  test("stays with its producer where it is refused, or nobody answers in time; said again, the refused is not asked again", async () => {
    const { context, object, asked } = await stated("zebrafinch six");
    await scene.write(async (db) => await refuse(db, pendingId(asked), officer("a"), "Not for them"));
    await scene.state(context, item(object, { to: ["MY"] }));
    const late = await stated("zebrafinch seven");
    await scene.owner.query("UPDATE live.pending_release SET deadline = now() WHERE id = $1", [
      pendingId(late.asked),
    ]);
    await expect(
      scene.write(async (db) => await approve(db, late.context, pendingId(late.asked), officer("a"))),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await scene.write(async (db) => await lapse(db))).toEqual([pendingId(late.asked)]);
    const all = await pendingOf(scene.inside.realm.write, { limit: 100 });
    const states = (id: string) =>
      all.filter((one) => one.stix_id === id).map(({ state, reason }) => [state, reason]);
    expect(states(object.id)).toEqual([["refused", "Not for them"]]);
    expect(states(late.object.id)).toEqual([["lapsed", null]]);
    expect(await scene.told("MY", object.id)).toEqual([]);
  });

  test("that lapsed after all had agreed lets nothing go when its row is set to approved", async () => {
    const { context, object, asked } = await stated("zebrafinch fifteen");
    const changed = { ...context, policies: withPair(context.policies, ["SG", "MY"], () => ({})) };
    const done = await scene.write(async (db) => await approve(db, changed, pendingId(asked), officer("a")));
    expect(done).toBe("asked-anew");
    const set = async (state: string) =>
      await scene.owner.query(
        "UPDATE live.pending_release SET state = $2, reason = NULL, settled_seal = coalesce(settled_seal, $3) WHERE id = $1",
        [pendingId(asked), state, "f".repeat(64)],
      );
    await set("approved");
    // By the first policies, the very same is asked that was agreed to.
    await scene.write(async (db) => await reevaluate(db, context, { stixIds: [object.id] }));
    expect(await scene.told("MY", object.id)).toEqual([]);
  });

  test("counts no approval that stands in a row without having been given, and asks anew", async () => {
    const { context, object, asked } = await stated("zebrafinch eleven");
    const { actor, word, approver: role } = officer("nobody");
    const forge = async (state: string, id: string, seal: object = {}) =>
      await scene.owner.query(
        "UPDATE live.pending_release SET state = $2, approvals = $3, settled_at = CASE $2 WHEN 'pending' THEN NULL ELSE now() END WHERE id = $1",
        [id, state, JSON.stringify([{ actor, word, role, at: "2026-03-01T00:00:00.000Z", ...seal }])],
      );
    await forge("approved", pendingId(asked));
    const pass = async () =>
      await scene.write(async (db) => await reevaluate(db, context, { stixIds: [object.id] }));
    await pass();
    expect(await scene.told("MY", object.id)).toEqual([]);
    const [waits] = await waitingFor(object.id);
    expect(waits?.id).not.toBe(pendingId(asked));
    const done = await scene.write(async (db) => await approve(db, context, waits?.id ?? "", officer("a")));
    expect(done).toBe("released");
    // The seal of one request is none in another, nor for other recipients, nor under other words.
    const { rows } = await scene.owner.query("SELECT approvals FROM live.pending_release WHERE id = $1", [
      waits?.id,
    ]);
    const [given] = rows[0].approvals;
    const other = await stated("zebrafinch twelve");
    for (const seal of [given, { ...given, seal: undefined }]) {
      await forge("approved", pendingId(other.asked), seal);
      await scene.write(async (db) => await reevaluate(db, context, { stixIds: [other.object.id] }));
      expect(await scene.told("MY", other.object.id)).toEqual([]);
    }
    const id = waits?.id ?? "";
    const change = async (sql: string) =>
      await scene.owner.query(`UPDATE live.pending_release SET ${sql} WHERE id = $1`, [id]);
    await change("approvals = jsonb_set(approvals, '{0,word}', '\"person:else\"')");
    expect(await pass()).toMatchObject({ narrowed: [object.id] });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    await change("approvals = jsonb_set(approvals, '{0,word}', '\"person:a\"')");
    expect(await pass()).toMatchObject({ widened: [object.id] });
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
  });

  test("is not let go by one of two whom the rule asks, whatever the row says of the other", async () => {
    const made = await scene.context("SG");
    const policies = withPair(made.policies, ["SG", "MY"], ({ rules }) => ({
      rules: rules.map((one) =>
        one.then === "approve" ? { ...one, approvers: ["SG:officer", "MY:officer"] } : one,
      ),
    }));
    const context = { ...made, policies };
    const object = incident("zebrafinch thirteen");
    await scene.state(context, item(object, { to: ["MY"] }));
    const [asked] = await waitingFor(object.id);
    const id = asked?.id ?? "";
    const { actor, word, approver: role } = officer("nobody");
    const forged = JSON.stringify([{ actor, word, role, at: "2026-03-01T00:00:00.000Z" }]);
    await scene.owner.query("UPDATE live.pending_release SET approvals = $2 WHERE id = $1", [id, forged]);
    const by = async (who: ReturnType<typeof officer>) =>
      await scene.write(async (db) => await approve(db, context, id, who));
    await expect(by(officer("b", "MY"))).rejects.toMatchObject({ code: "forbidden" });
    const look = async (member: string) => {
      const [row] = await waitingFor(object.id);
      return row && (await previewPending(scene.inside.realm.write, context, row, { member }));
    };
    expect(await look("MY")).toMatchObject({ copies: [], isOutdated: false });
    expect((await look("SG"))?.copies).toHaveLength(1);
    expect(await by(officer("a"))).toBe("waits");
    expect((await look("MY"))?.copies).toHaveLength(1);
    expect(await by(officer("b", "MY"))).toBe("released");
  });

  test("keeps the id under which its readers have an earlier version, whatever is left out of either", async () => {
    const first = thing("incident", {
      name: "zebrafinch nine",
      description: "told by tan.ah.kow@victim.example.sg",
    });
    const name = "zebrafinch nine, by lim.bee.hoon@victim.example.sg";
    const second = { ...first, name, modified: "2026-01-02T00:00:00.000Z" };
    const context = await scene.context("SG");
    for (const object of [first, second]) {
      await scene.state(context, item(object, { to: ["MY"] }));
      const [asked] = await pendingOf(scene.inside.realm.write, {
        producer: context.producer.id,
        stixIds: [object.id],
        state: "pending",
        limit: 2,
      });
      const preview =
        asked && (await previewPending(scene.inside.realm.write, context, asked, { member: "SG" }));
      expect(preview?.copies).toHaveLength(1);
      const done = await scene.write(async (db) => await approve(db, context, asked?.id ?? "", officer("a")));
      expect(done).toBe("released");
      const { body } = await scene.as("MY").get(`/v1/objects/${preview?.copies[0]?.object.id}`);
      expect(body.assertions[0].object).toEqual(preview?.copies[0]?.object);
    }
    const { body } = await scene.as("MY").get("/v1/log?after=0&limit=500");
    const copies = body.items.filter(({ object }: any) => object.name?.startsWith("zebrafinch nine"));
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map(({ object }: any) => object.id)).size).toBe(1);
  });
});
