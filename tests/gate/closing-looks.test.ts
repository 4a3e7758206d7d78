import { setTimeout as sleep } from "node:timers/promises";
import { shareTail, type Tail } from "@suar/log";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
let tail: Tail;
let wanted = true;
/** What the tail of this process asks, as it asks it. */
const asked: { text: string; values: unknown[] }[] = [];

beforeAll(async () => {
  scene = await openGateScene();
  const { platform, realm } = scene.inside;
  const query = realm.tail.query.bind(realm.tail) as (...given: unknown[]) => unknown;
  realm.tail.query = ((...given: unknown[]) => {
    const [sent, values] = given as [string | { text: string; values?: unknown[] }, unknown[]?];
    asked.push(
      typeof sent === "string"
        ? { text: sent, values: values ?? [] }
        : { text: sent.text, values: sent.values ?? [] },
    );
    return query(...given);
  }) as typeof realm.tail.query;
  tail = await shareTail(realm, platform);
  tail.onMove(
    () => undefined,
    () => wanted,
  );
});
afterAll(async () => {
  await tail?.stop();
  // What was closed by hand is what its originator's receipts are refused for.
  await scene?.owner.query("DELETE FROM live.closed");
  await scene?.close();
});

const TRANSACTIONS = 200;
const FEW = 50;
const looks = () => asked.filter(({ text }) => text.includes("FROM closing"));

type Plan = { "Relation Name"?: string; Plans?: Plan[] } & Record<
  string,
  number | string | Plan[] | undefined
>;

/** How many rows of `closing` a plan read, those that it threw away, too. */
function rowsRead(plan: Plan): number {
  const own = plan["Relation Name"] !== "closing" ? 0 : countOf(plan);
  return own + (plan.Plans ?? []).reduce((sum, one) => sum + rowsRead(one), 0);
}

function countOf(plan: Plan): number {
  const [rows, removed, lost] = [
    "Actual Rows",
    "Rows Removed by Filter",
    "Rows Removed by Index Recheck",
  ].map((name) => Number(plan[name] ?? 0));
  return ((rows ?? 0) + (removed ?? 0) + (lost ?? 0)) * Number(plan["Actual Loops"] ?? 1);
}

test("a look costs the same however long a transaction is under way, and finds what that closed when it ends", async () => {
  const context = await scene.context("SG");
  const reader = (await scene.context("MY")).producer.id;
  await scene.state(context, item(thing("tool", { name: "wagtail" })));
  await expect.poll(() => tail.ring.get(tail.head.seq)?.body).toContain("wagtail");
  const { seq } = tail.head;
  const rendition = tail.ring.get(seq)?.renditionId;
  const long = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
  await long.connect();
  try {
    await long.query("BEGIN");
    await long.query("INSERT INTO live.closed (rendition_id, organisation_id) VALUES ($1, $2)", [
      rendition,
      reader,
    ]);
    await long.query("INSERT INTO live.closing (rendition_id, organisation_id, why) VALUES ($1, $2, '{}')", [
      rendition,
      reader,
    ]);
    await scene.owner.query(
      `DO $$ BEGIN FOR n IN 1..${TRANSACTIONS} LOOP
         INSERT INTO live.closing (rendition_id, organisation_id, why) SELECT m, 1, '{}' FROM generate_series(1, 100) m;
         COMMIT;
       END LOOP; END $$`,
    );
    await scene.owner.query("ANALYZE live.closing");
    const before = looks().length;
    await expect.poll(() => looks().length, { timeout: 20_000 }).toBeGreaterThan(before + 2);
    const last = looks().at(-1);
    if (last === undefined) throw new Error("nothing was looked for");
    const { rows } = await scene.inside.realm.tail.query(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${last.text}`,
      last.values,
    );
    expect(rowsRead(rows[0]["QUERY PLAN"][0].Plan)).toBeLessThan(FEW);
    expect(tail.ring.get(seq)?.closedTo?.has(reader)).not.toBe(true);
    await long.query("COMMIT");
    await expect.poll(() => tail.ring.get(seq)?.closedTo?.has(reader), { timeout: 5_000 }).toBe(true);
  } finally {
    await long.end();
  }
});

test("where nobody reads, little is asked and nothing lies in memory; who comes is served as ever", async () => {
  const queriesIn = async (ms: number): Promise<number> => {
    const before = asked.length;
    await sleep(ms);
    return asked.length - before;
  };
  const seq = tail.head.seq;
  expect(tail.ring.get(seq)).toBeDefined();
  const busy = await queriesIn(3_000);
  wanted = false;
  await expect.poll(() => tail.ring.get(seq)).toBeUndefined();
  // The head and what was closed, once a second.
  expect(await queriesIn(3_000)).toBeLessThanOrEqual(8);
  expect(busy).toBeGreaterThan(16);
  expect(tail.isCurrent()).toBe(true);
  wanted = true;
  await scene.state(await scene.context("SG"), item(thing("tool", { name: "pipit" })));
  await expect.poll(() => tail.ring.get(seq + 1)?.body).toContain("pipit");
});
