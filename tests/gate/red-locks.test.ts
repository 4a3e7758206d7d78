import { transaction } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseRed } from "../../packages/gate/src/red/release-red.ts";
import { lockProducer } from "../../packages/gate/src/store/version.ts";
import { until } from "../support/api.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** CN's policies count the people that it told others of. */
test("a letter takes no exporter's count from a release of its producer that it waits for", async () => {
  const context = await scene.context("CN", { submissionId: crypto.randomUUID() });
  const { write, name } = scene.inside.realm;
  const [person, inbox] = [crypto.randomUUID(), crypto.randomUUID()];
  const letter = {
    ...context,
    submitter: "person:submitter",
    people: [{ person, inbox, organisation: context.producer }],
  };
  const said = item(thing("indicator", { name: "x" }), { tlp: "red" });
  let released: Promise<unknown> = Promise.resolve();
  await transaction(write, async (db) => {
    await lockProducer(db, name, context.producer.id);
    released = transaction(write, async (other) => await releaseRed(other, letter, [said]));
    released.catch(() => undefined); // thrown where it is waited for
    await until(20_000, "the letter to wait", async () => {
      const { rows } = await scene.owner.query(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      );
      return rows.length > 0 ? true : undefined;
    });
    const { rows } = await db.query<{ free: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtext('individuals:' || $1), hashtext($2)) AS free",
      [name, "CN"],
    );
    expect(rows).toEqual([{ free: true }]);
  });
  expect(await released).toMatchObject({ takenBack: 0 });
});
