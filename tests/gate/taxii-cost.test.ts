import type { PoolClient } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type EntryPlace,
  type EntryQuery,
  selectEntryPlaces,
} from "../../services/exchange/src/store/taxii-entry.ts";
import { identityId } from "../../services/exchange/src/taxii/references.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

/* Where a collection's objects stand, asked for by id and by going through the log: the same, and what it costs. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const MODES: EntryQuery["versions"][] = [
  { first: false, last: true, all: false, times: [] },
  { first: false, last: false, all: true, times: [] },
  { first: true, last: false, all: false, times: [] },
  { first: true, last: true, all: false, times: ["2026-03-01T00:00:00Z"] },
];
const WHOLE = { after: 0, upTo: 1_000_000, most: 1_000 };

async function queryOf(versions: EntryQuery["versions"], ids?: string[]): Promise<EntryQuery> {
  const all = await scene.inside.platform.directory.all();
  const creators = {
    producers: all.map(({ id }) => id),
    identities: all.map(({ code }) => identityId(code)),
  };
  return { scope: {}, except: [], creators, versions, ids };
}

async function asMember<T>(code: string, work: (db: PoolClient) => Promise<T>): Promise<T> {
  const reader = await scene.inside.platform.directory.byCode(code);
  return await scene.inside.realm.readAs(reader?.id ?? 0, work);
}

/** Several producers and versions of one id, some taken back, and some of those stated again. */
async function stateManyWays(): Promise<string[]> {
  const [sg, my] = [await scene.context("SG"), await scene.context("MY")];
  const ids: string[] = [];
  for (const n of [0, 1, 2, 3, 4, 5]) {
    const object = thing("tool", { name: `sandpiper ${n}` });
    const of = (month: number, more: object = {}) =>
      item({
        ...object,
        modified: `2026-0${month}-01T00:00:00.000Z`,
        name: `sandpiper ${n} ${month}`,
        ...more,
      });
    const claim = { created_by_ref: identityId("MY") };
    await scene.state(n % 2 === 0 ? sg : my, of(2));
    await scene.state(sg, of(3, n === 3 ? claim : {}), of(4));
    await scene.state(my, of(3, n > 2 ? claim : {}), of(5));
    const takesBack = async (member: string) =>
      expect((await scene.as(member).post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
    if (n === 1 || n === 4) await takesBack("SG");
    if (n === 2 || n === 4) await takesBack("MY");
    if (n === 4) await scene.state(sg, of(6));
    ids.push(object.id);
  }
  return ids;
}

test("an object stands by its id where it stands in the whole collection, in whichever versions", async () => {
  const ids = await stateManyWays();
  for (const reader of ["TH", "MY", "SG"])
    for (const versions of MODES)
      await asMember(reader, async (db) => {
        const whole = await selectEntryPlaces(db, await queryOf(versions), WHOLE);
        expect(whole.length).toBeGreaterThanOrEqual(5);
        const one: EntryPlace[] = [];
        for (const id of ids)
          one.push(...(await selectEntryPlaces(db, await queryOf(versions, [id]), WHOLE)));
        expect(one.sort((a, b) => a.seq - b.seq)).toEqual(whole);
        expect(await selectEntryPlaces(db, await queryOf(versions, ids), WHOLE)).toEqual(whole);
      });
});

test("looking for one object does not go through the log of who asks", async () => {
  const context = await scene.context("SG");
  const all = Array.from({ length: 400 }, (_, n) => thing("tool", { name: `dunlin ${n}` }));
  await scene.state(context, ...all.map((one) => item(one)));
  const blocks = async (versions: EntryQuery["versions"], ids: string[]): Promise<number> =>
    await asMember("TH", async (client) => {
      let read = 0;
      const query = async (text: string, values: unknown[]) => {
        const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
        read += rows[0]["QUERY PLAN"][0].Plan["Shared Hit Blocks"];
        return await client.query(text, values);
      };
      const found = await selectEntryPlaces({ query } as never, await queryOf(versions, ids), WHOLE);
      expect(found).toHaveLength(1);
      return read;
    });
  for (const versions of MODES.slice(0, 3))
    expect(await blocks(versions, [String(all[200]?.id)])).toBeLessThan(400);
});
