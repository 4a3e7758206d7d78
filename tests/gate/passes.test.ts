import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";
import { signPolicy } from "./sign-policy.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const NOTICED_WITHIN_MS = 5_000;
const SINCE_2025 = { from: "2025-01-01T00:00:00Z", until: null };
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };

/** Until a member's log says of an id what is waited for; how long that took. */
async function toldWithin(ms: number, member: string, id: string, kinds: string[]): Promise<number> {
  const began = performance.now();
  const last = { told: [] as string[] };
  await until(ms, `${member} to be told ${kinds.join()} of ${id}`, async () => {
    last.told = await scene.told(member, id);
    return JSON.stringify(last.told) === JSON.stringify(kinds) ? true : undefined;
  });
  return performance.now() - began;
}

const passes = async () =>
  (
    await scene.owner.query(
      "SELECT o.code, r.causes, r.after, r.decided, r.narrowed, r.closed, r.closed_at, r.finished_at FROM live.reevaluation r JOIN core.organisation o ON o.id = r.producer ORDER BY 1",
    )
  ).rows;

const idle = async () =>
  await until(20_000, "the passes' end", async () =>
    (await passes()).every(({ after }) => after === null) ? true : undefined,
  );

describe("a pass", () => {
  test("closes within seconds what a signed policy withholds, and opens what the next one lets go", async () => {
    const object = thing("tool", { name: "dunlin one" });
    await scene.state(await scene.context("SG"), item(object));
    await scene.state(await scene.context("TH"), item(thing("tool", { name: "dunlin of th" })));
    await signPolicy(scene, ["SG", "MY"], { effective: ENDED });
    await toldWithin(NOTICED_WITHIN_MS, "MY", object.id, ["withdrawn"]);
    expect((await scene.as("MY").get("/v1/search?q=dunlin")).body.items).toHaveLength(1);
    expect(await scene.told("PH", object.id)).toEqual(["released"]);
    await idle();
    const [row] = (await passes()).filter(({ code }) => code === "SG");
    // The CERT, and its two agencies.
    expect(row).toMatchObject({ closed: 3, narrowed: 1 });
    expect(+row.closed_at).toBeLessThan(+row.finished_at);
    await signPolicy(scene, ["SG", "MY"], { effective: SINCE_2025 });
    await toldWithin(NOTICED_WITHIN_MS, "MY", object.id, ["released", "released"]);
    await idle();
    const { rows } = await scene.owner.query(
      "SELECT subject, fields FROM live.activity WHERE type = 'objects-reevaluated.v1' ORDER BY id",
    );
    expect(rows.map(({ subject, fields }) => [subject, fields])).toEqual([
      ["SG", expect.objectContaining({ narrowed: 1, widened: 0 })],
      ["SG", { narrowed: 0, widened: 1, causes: ["policies"] }],
    ]);
  });

  test("is of those alone whom a change touches: an exporter by its policies, all by who there is", async () => {
    const before = await scene.owner.query("SELECT noticed_at FROM live.reevaluation ORDER BY producer");
    const noticed = async () => {
      const { rows } = await scene.owner.query("SELECT noticed_at FROM live.reevaluation ORDER BY producer");
      return rows.filter(({ noticed_at: at }, n) => +at !== +before.rows[n].noticed_at).length;
    };
    await signPolicy(scene, ["SG", "LA"], {});
    await until(NOTICED_WITHIN_MS, "a pass", async () => ((await noticed()) > 0 ? true : undefined));
    await idle();
    expect(await noticed()).toBe(1);
    await scene.owner.query("UPDATE core.organisation SET status = 'removed' WHERE code = 'KH'");
    await until(NOTICED_WITHIN_MS, "everybody's pass", async () =>
      (await passes()).every(({ causes }) => causes.join() === "members") ? true : undefined,
    );
    await idle();
    await scene.owner.query("UPDATE core.organisation SET status = 'active' WHERE code = 'KH'");
  });

  test("follows what was undone before anybody looked: somebody was there for a moment, or away", async () => {
    const causes = async () => (await passes()).map((row) => row.causes.join());
    await signPolicy(scene, ["SG", "KH"], {});
    await until(NOTICED_WITHIN_MS, "a pass for another reason", async () =>
      (await causes()).some((one) => one.includes("policies")) ? true : undefined,
    );
    await idle();
    // In one transaction nobody can look in between.
    await scene.owner.query(
      `UPDATE core.organisation SET status = 'removed' WHERE code = 'KH';
       UPDATE core.organisation SET status = 'active' WHERE code = 'KH'`,
    );
    await until(NOTICED_WITHIN_MS, "everybody's pass", async () =>
      (await causes()).every((one) => one === "members") ? true : undefined,
    );
    await idle();
  });

  test("follows the clock, although nobody writes: a policy that begins, and one that ends", async () => {
    const object = thing("tool", { name: "dunlin two" });
    await scene.state(await scene.context("SG"), item(object));
    const soon = Math.ceil(Date.now() / 1_000) * 1_000 + 2_000;
    const at = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
    await signPolicy(scene, ["SG", "VN"], { effective: { from: "2025-01-01T00:00:00Z", until: at(soon) } });
    await signPolicy(scene, ["SG", "VN"], { effective: { from: at(soon + 4_000), until: null } });
    expect(await scene.told("VN", object.id)).toEqual(["released"]);
    await toldWithin(soon - Date.now() + NOTICED_WITHIN_MS, "VN", object.id, ["withdrawn"]);
    expect(Date.now()).toBeGreaterThanOrEqual(soon);
    const again = soon + 4_000 - Date.now() + NOTICED_WITHIN_MS;
    await toldWithin(again, "VN", object.id, ["released", "released"]);
  });

  test("follows agreements, where a policy asks for them", async () => {
    const object = thing("tool", { name: "dunlin three" });
    await scene.state(await scene.context("SG"), item(object));
    const needed = (guide: string | undefined) =>
      JSON.parse(
        `{"id":"needs-mou","party":"exporter","if":{"lacksAgreement":"mou:PH-SG"},"then":"withhold","source":"A test","guide":"${guide}"}`,
      );
    await signPolicy(scene, ["SG", "PH"], ({ rules }) => ({ rules: [...rules, needed(rules[0]?.guide)] }));
    await toldWithin(NOTICED_WITHIN_MS, "PH", object.id, ["withdrawn"]);
    const id = randomUUID();
    await scene.owner.query(
      `INSERT INTO core.agreement (id, kind, proposer, partner, title, begins, proposed_by, accepted_by, accepted_at)
       VALUES ($1, 'mou', 'SG', 'PH', 'A test', '2026-01-01', 'person:a', 'person:b', clock_timestamp())`,
      [id],
    );
    await toldWithin(NOTICED_WITHIN_MS, "PH", object.id, ["released", "released"]);
    // The decision, and with it the leaf, says on which terms; the members have the same hash of them.
    const { hash: terms } = (await scene.as("SG", "officer").get(`/v1/agreements/${id}`)).body;
    const { rows } = await scene.owner.query<{ body: string }>(
      "SELECT d.body FROM live.log l JOIN live.decision d ON d.id = l.decision_id ORDER BY l.seq DESC LIMIT 1",
    );
    expect(JSON.parse(rows[0]?.body ?? "{}").reasons).toContainEqual(
      expect.objectContaining({ code: "agreement-in-force", source: `mou:PH-SG ${terms}` }),
    );
    await idle();
    expect((await passes()).filter(({ causes }) => causes.includes("agreements"))).toMatchObject([
      { code: "SG" },
    ]);
    await scene.owner.query("UPDATE core.agreement SET ends = begins + 1 WHERE id = $1", [id]);
    await toldWithin(NOTICED_WITHIN_MS, "PH", object.id, ["withdrawn"]);
  });
});
