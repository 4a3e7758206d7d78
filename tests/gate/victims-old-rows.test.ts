import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gateOf, openEntry } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";
import { type GateScene, openGateScene } from "./gate-scene.ts";
import {
  address,
  calls,
  consists,
  domain,
  freshAddress,
  indicator,
  infrastructure,
  note,
  resolves,
  uses,
  victimsOf,
} from "./victims-scene.ts";

/* What was called a victim's before infrastructure and domains led on leads on once the platform is a newer one. */

const MIGRATION = readFileSync(join(ROOT, "migrations", "realm", "0027_old_rows.sql"), "utf8");

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

async function migrated(): Promise<void> {
  await scene.owner.query(`BEGIN; SET LOCAL search_path = live; ${MIGRATION}; COMMIT`);
}

/** Migrates what an older platform had released: that `said` calls `whole` a victim's, and not `elsewhere`, led nowhere. */
async function migratedWith(said: StixObject, elsewhere: StixObject, whole: StixObject): Promise<void> {
  const context = await scene.context("SG");
  const { states } = victimsOf(scene);
  const change = async (from: StixObject, to: StixObject) =>
    await scene.owner.query("UPDATE live.rendition SET body = replace(body, $1, $2) WHERE stix_id = $3", [
      from.id,
      to.id,
      said.id,
    ]);
  await states(context, elsewhere, said);
  await change(elsewhere, whole);
  await migrated();
  await change(whole, elsewhere); // what its entry commits to
}

test.each([
  ["infrastructure", () => infrastructure("mail of a ministry"), consists],
  ["a domain", () => domain(`portal${freshAddress()}.example`), resolves],
])("is closed beyond the border: what %s of a victim leads to", async (_, of, holds) => {
  const context = await scene.context("SG");
  const { states, sees, live } = victimsOf(scene);
  const [whole, inner, ours, word] = [of(), of(), address(freshAddress()), freshAddress()];
  await states(context, whole, inner, ours);
  await states(context, holds(whole, inner), holds(inner, ours), note(`${word} godwit ${ours.value}`));
  const elsewhere = of();
  await scene.settled();
  expect(await sees("MY", `godwit ${ours.value}`)).toBe(true);
  await migratedWith(calls(elsewhere), elsewhere, whole);
  expect(await live([whole.id, inner.id, ours.id, `ipv4:${ours.value}`])).toHaveLength(4);
  await scene.settled();
  expect(await sees("MY", `godwit ${ours.value}`)).toBe(false);
  expect(await sees("MY", `"${ours.value}"`)).toBe(false);
  expect(await sees("MY", `${word} godwit [ip address removed]`)).toBe(true);
  expect(await sees("SG", `godwit ${ours.value}`)).toBe(true);
});

test("leaves alone what its producer shows to be the attacker's, and what others state", async () => {
  const context = await scene.context("SG");
  const { states, sees, live } = victimsOf(scene);
  const [whole, theirs] = [infrastructure("hired"), infrastructure("theirs")];
  const [used, sought, shared, elsewhere] = [
    address(freshAddress()),
    address(freshAddress()),
    address(freshAddress()),
    infrastructure("elsewhere"),
  ];
  await states(context, whole, theirs, used, sought, shared);
  await states(context, ...[used, sought, shared].map((part) => consists(whole, part)));
  await states(context, uses(used), indicator(String(sought.value)), consists(theirs, shared));
  const others = await scene.context("TH");
  const foreign = address(freshAddress());
  await states(others, foreign);
  await states(others, consists(whole, foreign));
  await migratedWith(calls(elsewhere), elsewhere, whole);
  await scene.settled();
  const parts = [used, sought, shared, foreign];
  expect(await live(parts.flatMap(({ id, value }) => [id, `ipv4:${value}`]))).toEqual([]);
  expect(await live([whole.id])).toEqual([whole.id]);
  for (const { value } of parts) expect(await sees("MY", `"${value}"`)).toBe(true);
});

test("has a receipt for what says so, and nothing to do where the rows are there", async () => {
  const context = await scene.context("SG");
  const { states } = victimsOf(scene);
  const [whole, part] = [infrastructure("a hospital's"), address(freshAddress())];
  const said = calls(whole);
  await states(context, whole, part, consists(whole, part), said);
  await scene.settled();
  const rows = async () => {
    const names = [[whole.id, part.id, `ipv4:${part.value}`]];
    const { rows } = await scene.owner.query(
      "SELECT * FROM live.victim JOIN live.victim_cause USING (producer, name) WHERE name = ANY($1) ORDER BY name, cause",
      names,
    );
    return rows;
  };
  const before = await rows();
  expect(before).toHaveLength(3);
  await migrated();
  expect(await rows()).toEqual(before);
  expect((await scene.owner.query("SELECT FROM live.reevaluation_due")).rowCount).toBe(0);

  const names = [whole.id, part.id, `ipv4:${part.value}`];
  await scene.owner.query("DELETE FROM live.victim WHERE name = ANY($1)", [names]);
  await scene.owner.query("DELETE FROM live.victim_cause WHERE name = ANY($1)", [names]);
  await expect(opens(said)).rejects.toThrow("somebody changed which victims it tells of");
  await migrated();
  expect(await rows()).toEqual(before);
  await opens(said);
});

/** What its originator's receipt of it is made of. */
async function opens({ id }: StixObject): Promise<void> {
  const { platform, realm } = scene.inside;
  const { rows } = await scene.owner.query(
    `SELECT l.seq, o.id, o.code FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
       JOIN core.organisation o ON o.id = r.producer WHERE r.stix_id = $1`,
    [id],
  );
  expect(rows).toHaveLength(1);
  const { seq, ...reader } = rows[0];
  await openEntry(realm.write, gateOf(realm, platform), Number(seq), reader);
}
