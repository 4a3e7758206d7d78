import {
  compileFilter,
  deliveredTo,
  deliveryNotes,
  noteAtLength,
  readPage,
  requestNames,
  settleDeliveries,
} from "@suar/log";
import type { Queryable } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExportSource, MOST, standingLog } from "../../services/exchange/src/export/standing-items.ts";
import { indicatorOf } from "../e2e/indicator-of.ts";
import { submitAndWait, until } from "../support/api.ts";
import { type GateScene, openGateScene } from "./gate-scene.ts";

const LONG = 40;
const LONG_BYTES = 40_000;

let scene: GateScene;
let source: ExportSource;
beforeAll(async () => {
  scene = await openGateScene();
  const objects = Array.from({ length: LONG }, (_, n) =>
    indicatorOf(`h${n}.example.net`, {
      description: `${n} `.padEnd(n === LONG / 2 ? MOST.bytes + 1 : LONG_BYTES, "x"),
    }),
  );
  const bundle = { type: "bundle", id: "bundle--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e702", objects };
  const { body } = await submitAndWait(
    scene.as("VN"),
    "?tlp=green&format=stix",
    JSON.stringify(bundle),
    "application/json",
  );
  expect(body.counts).toMatchObject({ rejected: 0 });
  const { platform, realm } = scene.inside;
  const organisationId = (await platform.directory.byCode("MY"))?.id ?? 0;
  source = {
    read: async (work) => await realm.readAs(organisationId, work),
    names: requestNames(platform.directory),
    reader: { organisationId },
    sayers: async () => [],
    matches: compileFilter({}),
    isBlocklist: true,
  };
  const { looks } = standingLog(source);
  await until(60_000, "all of them in the log", async () => {
    let found = 0;
    for await (const { items } of looks((await standingLog(source).head()).seq)) found += items.length;
    return found >= LONG ? true : undefined;
  });
});
afterAll(async () => await scene?.close());

test("a look brings no more than half a mebibyte, or one that is longer, and all of them each entry once", async () => {
  const log = standingLog(source);
  const { seq } = await log.head();
  const looks: number[] = [];
  const seqs: number[] = [];
  for await (const { items } of log.looks(seq)) {
    if (items.length > 1) looks.push(items.reduce((bytes, { body }) => bytes + Buffer.byteLength(body), 0));
    seqs.push(...items.map((item) => item.seq));
  }
  expect(Math.max(...looks)).toBeLessThanOrEqual(MOST.bytes);
  expect(Math.max(...looks)).toBeGreaterThan(MOST.bytes / 2);
  expect(seqs.length).toBeGreaterThanOrEqual(LONG);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
});

test("some entries are read in their order, near ones together and far ones apart, and no others", async () => {
  const log = standingLog(source);
  const all: number[] = [];
  for await (const { items } of log.looks((await log.head()).seq)) all.push(...items.map(({ seq }) => seq));
  const wanted = all.filter((_, at) => at % 97 < 3);
  const found: number[] = [];
  for await (const items of log.some(wanted)) found.push(...items.map(({ seq }) => seq));
  expect(found).toEqual(wanted);
  for await (const items of log.some([])) expect(items).toEqual([]);
});

test("who asks for few entries has few bodies read, and who finds none looks on ever further", async () => {
  const windows: number[] = [];
  const watched = (db: Queryable): Queryable =>
    ({
      query: async (text: string, values?: readonly unknown[]) => {
        if (values?.length === 2 && text.includes("FROM log l"))
          windows.push(Number(values[1]) - Number(values[0]));
        return await db.query(text, values as unknown[]);
      },
    }) as Queryable;
  const page = async (limit: number, matches = source.matches) =>
    await source.read(
      async (db) =>
        await readPage(watched(db), source.names, { after: 0, limit, reader: source.reader, matches }),
    );
  expect((await page(5)).entries).toHaveLength(5);
  expect(windows[0]).toBe(5);
  windows.length = 0;
  await page(5, compileFilter({ text: "no such word" }));
  expect(windows.slice(0, 3)).toEqual([5, 10, 20]);
});

test("a long answer is noted whole, whatever there is room for at once, and leaves room to others", async () => {
  const { realm } = scene.inside;
  const [mine, others] = [{ organisationId: 8_001, channel: "export" } as const, 8_002];
  // More blocks of the log than are kept in memory.
  const seqs = Array.from({ length: 2_300 }, (_, block) => block * 512 + 7);
  const noted = noteAtLength(realm, mine, seqs);
  deliveryNotes(realm).note(others, "pull", [9, 600]);
  await noted;
  await settleDeliveries(realm);
  const found: number[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof deliveredTo>> = await deliveredTo(
      realm.write,
      mine.organisationId,
      {
        after,
        limit: 500,
      },
    );
    found.push(...page.entries.map(({ seq }) => seq));
    after = page.next;
  }
  expect(found).toEqual(seqs);
  const { entries } = await deliveredTo(realm.write, others, { after: 0, limit: 10 });
  expect(entries.map(({ seq }) => seq)).toEqual([9, 600]);
  expect(deliveryNotes(realm).takeLost()).toBe(0);
});
