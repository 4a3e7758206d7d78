import { deliveredTo, deliveryNotes, settleDeliveries } from "@suar/log";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, openGateScene } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

/** Places at the ends of blocks of 512, and in seven blocks, of which a page looks at four. */
const SEQS = [1, 511, 512, 1_023, 1_024, 2_000, 5_000, 9_999, 20_000];
const [MINE, OTHERS, NOBODYS] = [7_001, 7_002, 7_003];

describe("what was handed to an organisation", () => {
  const pages = async (limit: number) => {
    const db = scene.inside.realm.write;
    const all: number[][] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: Awaited<ReturnType<typeof deliveredTo>> = await deliveredTo(db, MINE, { after, limit });
      all.push(page.entries.map(({ seq }) => seq));
      if (page.next !== undefined) expect(page.next).toBeGreaterThan(after);
      after = page.next;
    }
    return all;
  };

  test("is told once it is settled, each entry once, in order, whatever the pages", async () => {
    const notes = deliveryNotes(scene.inside.realm);
    notes.note(MINE, "pull", SEQS);
    notes.note(MINE, "taxii", [512]);
    notes.note(OTHERS, "pull", [3, 600]);
    await settleDeliveries(scene.inside.realm);
    for (const limit of [1, 2, 3, 500]) {
      const found = await pages(limit);
      expect(found.flat(), `pages of ${limit}`).toEqual(SEQS);
      expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(limit);
    }
    const { entries } = await deliveredTo(scene.inside.realm.write, MINE, { after: 511, limit: 1 });
    expect(entries).toMatchObject([{ seq: 512, delivered: [{ channel: "pull" }, { channel: "taxii" }] }]);
  });

  test("is nothing where nothing was", async () => {
    const none = await deliveredTo(scene.inside.realm.write, NOBODYS, { after: 0, limit: 10 });
    expect(none).toEqual({ entries: [], next: undefined });
  });
});
