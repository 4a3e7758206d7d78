import { approve, openEntry, pendingOf, reevaluate } from "@suar/gate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, item, officer, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };

/** Everything that the gate ever sends, once. */
async function sendAll(): Promise<void> {
  const context = await scene.context("SG");
  const tool = thing("tool", { name: "receipted", description: "told by tan.ah.kow@victim.example.sg" });
  const address = thing("domain-name", { value: "receipted.example" });
  const report = thing("report", {
    name: "receipted report",
    published: "2026-01-01T00:00:00Z",
    object_refs: [tool.id, address.id],
  });
  await scene.state(
    context,
    item(tool, { tlp: "amber", pap: "amber", to: ["MY"] }),
    item(address),
    item(report),
  );
  await scene.state(context, item(tool, { tlp: "amber", pap: "amber", to: ["TH"] }));
  const incident = thing("incident", { name: "receipted incident" });
  await scene.state(context, item(incident, { to: ["MY"] }));
  const [asked] = await pendingOf(scene.inside.realm.write, { limit: 10, state: "pending" });
  await scene.write(async (db) => await approve(db, context, asked?.id ?? "", officer("a")));
  const policies = withPair(context.policies, ["SG", "MY"], () => ({ effective: ENDED }));
  const stixIds = [tool.id, address.id];
  await scene.write(async (db) => await reevaluate(db, { ...context, policies }, { stixIds }));
  await scene.write(async (db) => await reevaluate(db, context, { stixIds }));
  await scene.as("SG").post(`/v1/objects/${tool.id}/withdraw`);
}

test("each entry that the gate seals opens with what its rows say: its originator opens all of it", async () => {
  await sendAll();
  const { rows } = await scene.owner.query<{ seq: string; kind: string; decision_id: number | null }>(
    "SELECT seq, kind, decision_id FROM live.log WHERE commitment IS NOT NULL ORDER BY seq",
  );
  expect(rows.length).toBeGreaterThan(12);
  const { gate, producer } = await scene.context("SG");
  const failed: unknown[] = [];
  for (const { seq, kind, decision_id: decided } of rows) {
    const opened = await openEntry(scene.inside.realm.write, gate, Number(seq), producer).catch((error) => {
      failed.push([seq, kind, String(error)]);
    });
    const why = opened?.groups.why;
    if (why !== undefined && "value" in why)
      expect(why.value === "{}", `${seq} ${kind}`).toBe(decided === null);
  }
  expect(failed).toEqual([]);
});

test("an entry of an organisation that was renamed opens no more", async () => {
  const { rows } = await scene.owner.query<{ seq: string }>(
    `SELECT l.seq FROM live.log l JOIN live.audience_organisation a USING (audience_id)
       JOIN core.organisation o ON o.id = a.organisation_id WHERE o.code = 'MY' AND l.commitment IS NOT NULL LIMIT 1`,
  );
  const { gate, producer } = await scene.context("SG");
  // As a process that starts anew, which remembers no codes.
  const open = async () =>
    await openEntry(scene.inside.realm.write, { ...gate }, Number(rows[0]?.seq), producer);
  await expect(open()).resolves.toBeDefined();
  await scene.owner.query("BEGIN; SET LOCAL session_replication_role = replica");
  await scene.owner.query(
    "UPDATE core.organisation SET code = 'ZZ', member = 'ZZ' WHERE code = 'MY'; COMMIT",
  );
  await expect(open()).rejects.toThrow("not what was committed to");
});
