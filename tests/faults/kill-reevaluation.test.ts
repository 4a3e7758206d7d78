import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing } from "../gate/gate-scene.ts";
import { signPolicy } from "../gate/sign-policy.ts";
import { until } from "../support/api.ts";

const OBJECTS = 240;
const KILLS = 2;

/** However busy the machine is, the pass is not over before it is looked at. */
const SLOW = `
  CREATE FUNCTION live.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';
  CREATE TRIGGER slow BEFORE INSERT ON live.rendition FOR EACH ROW WHEN (NEW.closes) EXECUTE FUNCTION live.slow()`;

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

test("a pass that is killed again and again goes on where it was: each loss is told once", async () => {
  const context = await scene.context("SG");
  const objects = Array.from({ length: OBJECTS }, (_, n) => thing("tool", { name: `whimbrel ${n}` }));
  await scene.state(context, ...objects.map((object) => item(object)));
  await scene.owner.query(SLOW);
  await signPolicy(scene, ["SG", "MY"], {
    effective: { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" },
  });
  const row = async () => {
    const { rows } = await scene.owner.query(
      "SELECT after, decided, narrowed FROM live.reevaluation WHERE producer = $1",
      [context.producer.id],
    );
    return rows[0] ?? { after: "", decided: 0, narrowed: 0 };
  };
  for (let kill = 1; kill <= KILLS; kill++) {
    const { decided } = await until(60_000, `the pass to be under way before kill ${kill}`, async () => {
      const now = await row();
      return now.narrowed >= (kill * OBJECTS) / (KILLS + 2) ? now : undefined;
    });
    await scene.platform.kill();
    expect((await row()).decided).toBeGreaterThanOrEqual(decided);
    expect((await row()).after).not.toBeNull();
    await scene.platform.restart();
  }
  await until(90_000, "the pass's end", async () => ((await row()).after === null ? true : undefined));
  expect(await row()).toMatchObject({ decided: OBJECTS, narrowed: OBJECTS });
  const { rows } = await scene.owner.query<{ told: number; closed: number }>(
    `SELECT (SELECT count(*)::int FROM live.rendition WHERE closes) AS told,
            (SELECT count(*)::int FROM live.closed WHERE organisation_id = (SELECT id FROM core.organisation WHERE code = 'MY')) AS closed`,
  );
  expect(rows).toEqual([{ told: OBJECTS, closed: OBJECTS }]);
});
