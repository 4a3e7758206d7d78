import { tileReader } from "@suar/log";
import { inclusionFromTiles, rootFromTiles, verifyInclusion } from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** The same client, and how many statements it was asked. */
function counted(db: Queryable): { db: Queryable; asked(): number } {
  let many = 0;
  const query = (...args: [string, unknown[]]) => {
    many += 1;
    return db.query(...args);
  };
  return { db: { query } as Queryable, asked: () => many };
}

test("a proof takes one statement, however many tiles it is made of", async () => {
  const hosts = Array.from({ length: 300 }, (_, n) =>
    item(thing("domain-name", { value: `tile-${n}.example` })),
  );
  await scene.state(await scene.context("SG"), ...hosts);
  await scene.settled();
  const { rows } = await scene.owner.query<{ leaf: Buffer }>("SELECT leaf FROM live.log ORDER BY seq");
  const leaves = rows.map(({ leaf }) => leaf);
  expect(leaves.length, "more than one tile of leaves").toBeGreaterThan(256);
  const root = await rootFromTiles(leaves.length, tileReader(scene.inside.realm.write));
  for (const index of [0, 255, 256, leaves.length - 1]) {
    const { db, asked } = counted(scene.inside.realm.write);
    const hashes = await inclusionFromTiles(leaves.length, index, tileReader(db));
    expect(verifyInclusion(leaves[index] ?? Buffer.alloc(0), index, leaves.length, hashes, root)).toBe(true);
    expect(asked(), `of leaf ${index}`).toBe(1);
  }
});

test("who asks for a tile while another is read gets its own, and a failure is of those who asked then", async () => {
  const { write } = scene.inside.realm;
  let isAway = false;
  const db = {
    query: async (...args: [string, unknown[]]) => {
      if (isAway) throw new Error("away");
      return await write.query(...args);
    },
  } as Queryable;
  const read = tileReader(db);
  const [first, none] = [read({ level: 0, n: 0, width: 2 }), read({ level: 3, n: 7, width: 1 })];
  await Promise.resolve();
  const later = read({ level: 0, n: 0, width: 1 });
  expect((await first).length).toBe(64);
  expect((await none).length).toBe(0);
  expect((await first).subarray(0, 32)).toEqual(await later);
  isAway = true;
  await expect(read({ level: 0, n: 0, width: 1 })).rejects.toThrow("away");
  isAway = false;
  expect((await read({ level: 0, n: 0, width: 1 })).length).toBe(32);
});
