import { release } from "@suar/gate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";
import { signPolicy } from "./sign-policy.ts";

/* What is too much for one transaction is over at some time, and holds up nobody meanwhile. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** More than are decided with what they name in one transaction. */
const NOTES = 230;
/** Of each object: as often as one of a circle is decided, told of and taken back again. */
const MOST_ENTRIES = 40;

const numberOf = async (sql: string, ...values: unknown[]): Promise<number> =>
  (await scene.owner.query<{ many: number }>(`SELECT count(*)::int AS many ${sql}`, values)).rows[0]?.many ??
  0;
const dueOf = async (producer: number) =>
  await numberOf("FROM live.reevaluation_due WHERE producer = $1", producer);

test("a circle of hundreds whose copies change each other is decided so often and no more", async () => {
  const context = await scene.context("SG");
  const root = thing("tool", { name: "whimbrel root" });
  const open = thing("tool", { name: "whimbrel that all may know" });
  const notes = Array.from({ length: NOTES }, (_, n) => thing("note", { content: `whimbrel ${n}` }));
  const hub = thing("report", {
    name: "whimbrel",
    published: "2026-01-01T00:00:00.000Z",
    object_refs: [root.id, ...notes.map(({ id }) => id)],
  });
  const circle = notes.map((one) => ({ ...one, object_refs: [open.id, hub.id] }));
  await scene.state(context, item(root), item(open), item(hub), ...circle.map((one) => item(one)));
  const narrower = item({ ...root, modified: "2026-03-01T00:00:00.000Z" }, { tlp: "amber", to: ["MY"] });
  await scene.write(async (db) => await release(db, context, [narrower]));
  expect(await dueOf(context.producer.id)).toBeGreaterThan(NOTES / 2);
  await until(90_000, "the circle's end", async () =>
    (await dueOf(context.producer.id)) === 0 ? true : undefined,
  );
  await scene.settled();
  const entries = await numberOf(
    `FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
      JOIN live.rendition whole ON whole.id = coalesce(r.copy_of, r.id) WHERE coalesce(whole.copy_of, whole.id) IN (
        SELECT rendition_id FROM live.object_version WHERE stix_id = $1)`,
    hub.id,
  );
  expect(entries).toBeLessThan(MOST_ENTRIES);
  const { rows } = await scene.owner.query<{ body: string }>(
    `SELECT DISTINCT r.body FROM live.rendition r JOIN live.log l ON l.rendition_id = r.id
       JOIN live.audience_organisation a ON a.audience_id = l.audience_id
       JOIN core.organisation o ON o.id = a.organisation_id AND o.code = 'TH'
      WHERE r.body LIKE '%whimbrel%' AND NOT r.withdrawn
        AND NOT EXISTS (SELECT FROM live.closed c WHERE c.rendition_id = r.id AND c.organisation_id = o.id)`,
  );
  expect(rows).toHaveLength(NOTES + 2);
  const seen = rows.map(({ body }) => body).join();
  expect([root, hub].filter(({ id }) => seen.includes(id))).toEqual([]);
  expect(await numberOf("FROM live.closed WHERE early")).toBe(0);
});

test("of whom very much is due keeps nobody else from being decided, and nothing from being told", async () => {
  const [much, little] = [await scene.context("SG"), await scene.context("TH")];
  const told = await scene.context("MY");
  const tool = thing("tool", { name: "curlew" });
  await scene.state(told, item(tool));
  const dueSince = async (producer: number, ago: string, many: number) =>
    await scene.owner.query(
      `INSERT INTO live.reevaluation_due (at, producer, stix_id)
       SELECT clock_timestamp() - $2::interval, $1, 'tool--' || gen_random_uuid() FROM generate_series(1, $3)`,
      [producer, ago, many],
    );
  await dueSince(much.producer.id, "1 hour", 30_000);
  await dueSince(little.producer.id, "1 minute", 1);
  await signPolicy(scene, ["MY", "TH"], { effective: { from: "2025-01-01T00:00:00Z", until: null } });
  await until(60_000, "the others' turns", async () =>
    (await dueOf(little.producer.id)) === 0 &&
    (await numberOf(
      "FROM live.reevaluation WHERE producer = $1 AND finished_at IS NOT NULL",
      told.producer.id,
    )) === 1
      ? true
      : undefined,
  );
  expect(await dueOf(much.producer.id)).toBeGreaterThan(0);
  await scene.owner.query("DELETE FROM live.reevaluation_due WHERE producer = $1", [much.producer.id]);
});
