import { gateOf, openEntry, recall } from "@suar/gate";
import type { Queryable } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, openGateScene } from "./gate-scene.ts";
import { address, freshAddress, observed, sighting, victimsOf } from "./victims-scene.ts";

/* An entry is opened by several statements, and its originator may write something in between them. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** The same connections; something happens before the first statement that says so. */
function before(text: RegExp, happens: () => Promise<unknown>): Queryable {
  const { write } = scene.inside.realm;
  let is = false;
  const query = async (...sent: unknown[]) => {
    if (!is && text.test(String(sent[0]))) {
      is = true;
      await happens();
    }
    return await (write.query as (...all: unknown[]) => Promise<unknown>).apply(write, sent);
  };
  return { query } as Queryable;
}

/** What calls an address a victim's, the gate, and the entry of it. */
async function stated() {
  const context = await scene.context("SG");
  const part = address(freshAddress());
  const data = observed(part);
  const said = sighting(data);
  await victimsOf(scene).states(context, part, data, said);
  const { rows } = await scene.owner.query(
    "SELECT l.seq::int FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id WHERE r.stix_id = $1 LIMIT 1",
    [said.id],
  );
  const gate = gateOf(scene.inside.realm, scene.inside.platform);
  return { context, said, data, gate, seq: rows[0]?.seq as number };
}

test("what its originator took back in between is no sign that somebody changed it", async () => {
  const { context, said, gate, seq } = await stated();
  const takesBack = async () =>
    await scene.write(async (db) => await recall(db, context, { stixId: said.id, dueInMs: 60_000 }));
  const opened = await openEntry(before(/JOIN victim_cause/, takesBack), gate, seq, context.producer);
  expect(opened).toMatchObject({ seq });
});

test("what somebody changed in between is found, and stays so", async () => {
  const { context, data, gate, seq } = await stated();
  const changes = async () =>
    await scene.owner.query("UPDATE live.victim SET live = false WHERE name = $1", [data.id]);
  const opening = openEntry(before(/JOIN victim_cause/, changes), gate, seq, context.producer);
  await expect(opening).rejects.toThrow(`entry ${seq}: somebody changed which victims it tells of`);
  await scene.owner.query("UPDATE live.victim SET live = true WHERE name = $1", [data.id]);
});
