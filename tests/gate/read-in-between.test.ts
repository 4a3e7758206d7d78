import { readPage } from "@suar/log";
import type { Queryable } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, openGateScene, thing } from "./gate-scene.ts";
import { recallScene } from "./recall-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const { stated, narrowTo, recalled } = recallScene(() => scene);

/** The tail's own rights, with something that happens after one of its statements. */
function tailWith(after: number, happens: () => Promise<unknown>): Queryable {
  const { tail } = scene.inside.realm;
  let asked = 0;
  const query = async (...asking: Parameters<typeof tail.query>) => {
    const answer = await tail.query(...asking);
    asked += 1;
    if (asked === after) await happens();
    return answer;
  };
  return { query } as unknown as Queryable;
}

const names = {
  organisations: async () => new Map(),
  audiences: async (db: Queryable, ids: readonly number[]) => {
    const { rows } = await db.query<{ id: number; all: number[] }>(
      `SELECT audience_id AS id, array_agg(organisation_id) AS all FROM audience_organisation
        WHERE audience_id = ANY($1) GROUP BY 1`,
      [ids],
    );
    return new Map(rows.map(({ id, all }) => [id, new Set(all)]));
  },
};

test.each([1, 2, 3])(
  "a recall after statement %i of a reading hands nobody the body that was taken from it before",
  async (after) => {
    const object = thing("tool", { name: `heron ${after}` });
    await stated([object, { tlp: "amber", to: ["MY", "TH"] }]);
    await narrowTo(object.id, { to: ["TH"] });
    const { id: organisationId } = (await scene.context("MY")).producer;
    let recalls = 0;
    const db = tailWith(after, async () => {
      recalls += 1;
      await recalled(object.id);
    });
    const request = { after: 0, limit: 500, reader: { organisationId }, matches: () => true };
    const { entries } = await readPage(db, names, request);
    expect(recalls).toBe(1);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter(({ body }) => body.includes("heron"))).toEqual([]);
  },
);
