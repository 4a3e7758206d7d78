import { readFileSync } from "node:fs";
import { join } from "node:path";
import { recall } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";
import { type GateScene, openGateScene } from "./gate-scene.ts";
import { address, calls, freshAddress, note, observed, sighting, victimsOf } from "./victims-scene.ts";

/* What was called a victim's before causes were kept, each part by the statement itself, goes on to be one. */

const MIGRATION = readFileSync(join(ROOT, "migrations", "realm", "0021_victims.sql"), "utf8");
/** As 0015 made it, with what statements said themselves. */
const BEFORE = `CREATE TABLE said AS SELECT c.producer, c.name, c.cause::bigint AS rendition_id, v.outright
    FROM victim_cause c JOIN victim v USING (producer, name) WHERE c.cause ~ '^\\d+$';
  DROP TABLE victim, victim_cause;
  ALTER TABLE said RENAME TO victim;
  ALTER TABLE victim ADD CONSTRAINT victim_pkey PRIMARY KEY (producer, name, rendition_id)`;

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

type Old = { name: string; by: StixObject; outright: boolean };

/** The tables as they were before, with these rows, and then migrated. */
async function migrated(rows: readonly Old[]): Promise<void> {
  const { owner } = scene;
  await owner.query("BEGIN");
  await owner.query("SET LOCAL search_path = live");
  await owner.query(BEFORE);
  for (const { name, by, outright } of rows)
    await owner.query(
      `INSERT INTO victim SELECT producer, $1, rendition_id, $2 FROM object_version WHERE stix_id = $3
       ON CONFLICT DO NOTHING`,
      [name, outright, by.id],
    );
  await owner.query(MIGRATION);
  await owner.query("COMMIT");
}

const spreadBy = (by: StixObject, data: StixObject, part: StixObject): Old[] => [
  { name: data.id, by, outright: true },
  { name: part.id, by, outright: false },
  { name: `ipv4:${part.value}`, by, outright: false },
];

async function opened() {
  const context = await scene.context("SG");
  const takeBack = async ({ id: stixId }: StixObject) =>
    await scene.write(async (db) => await recall(db, context, { stixId, dueInMs: 60_000 }));
  return { context, takeBack, ...victimsOf(scene) };
}

test("stays so with its parts while another says it, when what said it first is taken back", async () => {
  const { context, takeBack, states, live, sees } = await opened();
  const part = address(freshAddress());
  const data = observed(part);
  const [first, second] = [sighting(data), sighting(data)];
  await states(context, part, data, first);
  await migrated(spreadBy(first, data, part));
  const names = [data.id, part.id, `ipv4:${part.value}`].toSorted();
  expect(await live(names)).toEqual(names);
  await states(context, second);
  await takeBack(first);
  expect(await live(names)).toEqual(names);
  await states(context, note(`wigeon ${part.value}`));
  expect(await sees("MY", `wigeon ${part.value}`)).toBe(false);
  await takeBack(second);
  expect(await live(names)).toEqual([]);
});

test("is gone through again once, and no more", async () => {
  const { context, states } = await opened();
  const part = address(freshAddress());
  const data = observed(part);
  const first = sighting(data);
  await states(context, part, data, first);
  await migrated(spreadBy(first, data, part));
  const ids = [data.id, part.id];
  const late = async () =>
    (await scene.owner.query("SELECT name FROM live.victim WHERE NOT spread AND name = ANY($1)", [ids])).rows;
  expect(await late()).toHaveLength(2);
  await states(context, sighting(data));
  expect(await late()).toEqual([]);
});

test("is not outright by what was taken back, where what stands only saw it there", async () => {
  const { context, takeBack, states } = await opened();
  const part = address(freshAddress());
  const data = observed(part);
  const [seen, outright] = [sighting(data), calls(part)];
  await states(context, part, data, seen, outright);
  await takeBack(outright);
  await migrated([...spreadBy(seen, data, part), { name: part.id, by: outright, outright: true }]);
  const { rows } = await scene.owner.query("SELECT outright, live FROM live.victim WHERE name = $1", [
    part.id,
  ]);
  expect(rows).toEqual([{ outright: false, live: true }]);
});
