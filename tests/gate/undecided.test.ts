import { AppError } from "@suar/contract";
import { type ClosedPage, closeNarrowed, type ReleaseContext, reevaluate, release } from "@suar/gate";
import { createLogger } from "@suar/runtime";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isOfObjects } from "../../packages/gate/src/anew/whose-failure.ts";
import { StuckProducers } from "../../services/governance/src/stuck-producers.ts";
import { until } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";
import { address, calls, freshAddress, indicator, victimsOf } from "./victims-scene.ts";

/* An object that cannot be decided is closed to all but its producer, and holds up nothing else. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const tool = (name: string) => thing("tool", { name });
const report = (name: string, ...about: string[]) =>
  thing("report", { name, published: "2026-01-01T00:00:00.000Z", object_refs: about });
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const shut = (context: ReleaseContext) => ({
  ...context,
  policies: withPair(context.policies, ["SG", "MY"], () => ({ effective: ENDED })),
});
const all = async (context: ReleaseContext, limit = 200) =>
  await scene.write(async (db) => await reevaluate(db, context, { after: "", limit }));
const knows = async (member: string, id: string) => await scene.holds(member, id);
const dueOf = async (id: string) =>
  (
    await scene.owner.query(
      `SELECT failures, extract(epoch FROM at - clock_timestamp())::float AS in FROM live.reevaluation_due
        WHERE stix_id = $1 ORDER BY at`,
      [id],
    )
  ).rows;

/** The platform that runs does not come to it before the test is over. */
const putOff = async () =>
  await scene.owner.query("UPDATE live.reevaluation_due SET at = at + interval '1 h' WHERE failures > 0");

const spoiled = new Map<number, string>();
/** A text that JSON.parse refuses; or one of which the database refuses to tell that it is lost. */
const BROKEN = "{";
const NUL = (id: string) =>
  `{"type":"report","id":"${id}","object_refs":["tool--\\u0000"],"modified":"2026-01-01T00:00:00.000Z"}`;
async function spoil(id: string, body: string): Promise<void> {
  const { rows } = await scene.owner.query(
    "SELECT id, body FROM live.rendition WHERE stix_id = $1 AND NOT withdrawn",
    [id],
  );
  for (const row of rows) spoiled.set(Number(row.id), row.body);
  await scene.owner.query("UPDATE live.rendition SET body = $2 WHERE stix_id = $1 AND NOT withdrawn", [
    id,
    body,
  ]);
}
/** The rows are as they were, and whatever waits is decided now. */
async function mend(): Promise<void> {
  for (const [id, body] of spoiled)
    await scene.owner.query("UPDATE live.rendition SET body = $2 WHERE id = $1", [id, body]);
  spoiled.clear();
  await scene.owner.query("UPDATE live.reevaluation_due SET at = clock_timestamp() WHERE failures > 0");
  await scene.settled();
}
afterEach(mend);

describe.each([
  ["that nobody can read", () => BROKEN],
  ["of which the database refuses to tell that it is lost", NUL],
])("an object %s", (_, bad) => {
  test("is left out of a page, which tells of all others, before it and behind it", async () => {
    const context = await scene.context("SG");
    const [before, hub, behind] = [tool("avocet"), report("godwit"), tool("dunlin")];
    const naming = report("of godwits", hub.id);
    await scene.state(context, ...[before, hub, naming, behind].map((one) => item(one)));
    await spoil(hub.id, bad(hub.id));
    const done = await all(shut(context));
    await putOff();
    expect(done.failed.map(({ id }) => id)).toEqual([hub.id]);
    expect(done.next).toBeUndefined();
    for (const { id } of [before, behind]) expect(await scene.told("MY", id)).toContain("withdrawn");
    for (const member of ["MY", "TH"]) expect(await knows(member, hub.id)).toBe(false);
    const [due, ...more] = await dueOf(hub.id);
    expect([due.failures, more]).toEqual([1, []]);
    expect(due.in).toBeGreaterThan(0);
    // What names nothing else is decided: it is withdrawn with it, and comes again with it.
    await scene.settled();
    expect(await scene.told("TH", naming.id)).toEqual(["withdrawn"]);
    await all(shut(context));
    expect((await dueOf(hub.id)).map(({ failures }) => failures)).toEqual([2]);
    await mend();
    expect(await dueOf(hub.id)).toEqual([]);
    for (const { id } of [hub, naming]) expect(await knows("TH", id)).toBe(true);
    expect(await scene.told("TH", hub.id)).toEqual(["released", "released"]);
    expect(await scene.told("TH", naming.id)).toEqual(["released", "released"]);
  });
});

test("what names an object that was closed for a moment, and is told before it, is given again with it", async () => {
  const context = await scene.context("SG");
  const hub = tool("ruff");
  const naming = thing("note", { content: "of ruffs", object_refs: [hub.id] });
  await scene.state(context, item(hub), item(naming));
  await spoil(hub.id, BROKEN);
  await scene.write(async (db) => await closeNarrowed(db, context, { after: "", limit: 500 }));
  for (const { id } of [hub, naming]) expect(await knows("TH", id)).toBe(false);
  await mend();
  const told = async (after: string) =>
    await scene.write(async (db) => await reevaluate(db, context, { after, limit: 1 }));
  for (let after: string | undefined = ""; after !== undefined; ) after = (await told(after)).next;
  for (const { id } of [hub, naming]) expect(await knows("TH", id)).toBe(true);
});

test("an object of which an older version cannot be decided is taken where it is narrowed, and its producer is told", async () => {
  const context = await scene.context("SG");
  const [bad, other] = [tool("whinchat"), tool("wheatear")];
  await scene.state(context, item(bad), item(other));
  await spoil(bad.id, BROKEN);
  const narrower = [bad, other].map((one) =>
    item({ ...one, modified: "2026-03-01T00:00:00.000Z" }, { tlp: "amber", to: ["TH"] }),
  );
  const done = await scene.write(async (db) => await release(db, context, narrower));
  await putOff();
  expect(done.failed.map(({ id }) => id)).toEqual([bad.id]);
  expect(done.outcomes.map(({ id, outcome, ...one }) => [id, outcome, "code" in one && one.code])).toEqual([
    [bad.id, "accepted", "undecided"],
    [other.id, "accepted", false],
  ]);
  for (const member of ["MY", "TH"]) expect(await knows(member, bad.id)).toBe(false);
  expect(await knows("TH", other.id)).toBe(true);
  expect(await scene.told("MY", other.id)).toContain("withdrawn");
  await mend();
  expect(await knows("TH", bad.id)).toBe(true);
  expect(await scene.told("MY", bad.id)).toContain("withdrawn");
});

describe("an object that the database refuses to close", () => {
  /** To some alone: MY and its agencies lose it, and what is closed to all is not refused. */
  const refusing = async (id: string, code: string, work: () => Promise<void>) => {
    await scene.owner.query(
      `CREATE FUNCTION live.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
         IF (SELECT count(*) FROM made JOIN live.rendition r ON r.id = made.rendition_id WHERE r.stix_id = '${id}') BETWEEN 1 AND 6 THEN
           RAISE EXCEPTION 'refused' USING ERRCODE = '${code}';
         END IF;
         RETURN NULL;
       END $$;
       GRANT EXECUTE ON FUNCTION live.refuse() TO PUBLIC;
       CREATE TRIGGER refuse AFTER INSERT ON live.closed REFERENCING NEW TABLE AS made
         FOR EACH STATEMENT EXECUTE FUNCTION live.refuse()`,
    );
    try {
      await work();
    } finally {
      await scene.owner.query("DROP FUNCTION live.refuse() CASCADE");
    }
  };
  const scenery = async () => {
    const context = await scene.context("SG");
    const [bad, other] = [tool("snipe"), tool("ruff")];
    await scene.state(context, item(bad), item(other));
    const close = async (after: string, limit: number) =>
      await scene.write(async (db) => await closeNarrowed(db, shut(context), { after, limit }));
    return { context, bad, other, close };
  };

  test("is closed to everybody, and keeps nothing else from being closed", async () => {
    const { context, bad, other, close } = await scenery();
    await refusing(bad.id, "22012", async () => {
      const { failed, next } = await close("", 200);
      expect([failed.length, next]).toEqual([1, undefined]);
    });
    expect([await knows("MY", other.id), await knows("MY", bad.id), await knows("TH", bad.id)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await knows("TH", other.id)).toBe(true);
    await all(context);
    expect(await knows("TH", bad.id)).toBe(true);
  });

  test("since it takes too long is found by asking for fewer, and not under one lock", async () => {
    const { context, bad, other, close } = await scenery();
    await refusing(bad.id, "57014", async () => {
      await expect(close("", 200)).rejects.toMatchObject({ code: "57014" });
      expect(await knows("MY", other.id)).toBe(true);
      let failures = 0;
      for (let after: string | undefined = ""; after !== undefined; ) {
        const { failed, next }: ClosedPage = await close(after, 1);
        failures += failed.length;
        after = next;
      }
      expect(failures).toBe(1);
    });
    for (const { id } of [bad, other]) expect(await knows("MY", id)).toBe(false);
    await all(context);
  });
});

test("five that cannot be decided do not keep what else is due from being decided", async () => {
  const context = await scene.context("SG");
  const bad = Array.from({ length: 5 }, (_, n) => tool(`plover ${n}`));
  const good = tool("lapwing");
  await scene.state(context, ...[...bad, good].map((one) => item(one)));
  for (const { id } of bad) await spoil(id, BROKEN);
  await scene.owner.query(
    `INSERT INTO live.reevaluation_due (at, producer, stix_id)
     SELECT clock_timestamp() - (10 - n) * interval '1 s', $1, id FROM unnest($2::text[]) WITH ORDINALITY AS d (id, n)`,
    [context.producer.id, [...bad, good].map(({ id }) => id)],
  );
  await until(30_000, "what is due", async () => ((await dueOf(good.id)).length === 0 ? true : undefined));
  for (const { id } of bad) {
    expect((await dueOf(id)).map(({ failures }) => failures > 0)).toEqual([true]);
    expect(await knows("MY", id)).toBe(false);
  }
});

test("who newly calls an address a victim's that such an object holds is acknowledged all the same", async () => {
  const { states, sees } = victimsOf(scene);
  const context = await scene.context("SG");
  const value = freshAddress();
  const [bad, good] = [
    indicator(value),
    thing("note", { content: `of ${value}`, object_refs: [tool("x").id] }),
  ];
  await states(context, bad, good);
  await spoil(bad.id, BROKEN);
  const ours = address(value);
  const outcomes = await states(context, ours, calls(ours));
  expect(outcomes).toMatchObject([{ outcome: "accepted" }, { outcome: "accepted" }]);
  expect(await knows("MY", bad.id)).toBe(false);
  await scene.settled();
  expect(await sees("MY", value)).toBe(false);
});

describe("whose a failure is", () => {
  const refused = async (query: string, settings = ""): Promise<unknown> => {
    const client = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
    await client.connect();
    try {
      await client.query(`BEGIN; ${settings}`);
      return await client.query(query).then(
        () => undefined,
        (error: unknown) => error,
      );
    } finally {
      await client.end();
    }
  };

  test("what is thrown beside the database is the object's, whatever code it bears", () => {
    expect(isOfObjects(new AppError("conflict"), 100)).toBe(true);
    expect(isOfObjects(Object.assign(new RangeError("x"), { code: "ERR_OUT_OF_RANGE" }), 100)).toBe(true);
    expect(isOfObjects(new SyntaxError("x"), 100)).toBe(true);
  });

  test("what the database refuses is, but for locks, and what takes too long where it is one alone", async () => {
    expect(isOfObjects(await refused("SELECT 1 / 0"), 100)).toBe(true);
    const slow = await refused("SELECT pg_sleep(10)", "SET LOCAL statement_timeout = 50");
    expect([isOfObjects(slow, 100), isOfObjects(slow, 1)]).toEqual([false, true]);
    // Of whom something takes too long less is asked for, until pages are done again.
    const stuck = new StuckProducers("of-a-test", {
      log: createLogger("silent", "test"),
      troubles: new Map(),
    });
    const sizes = [1, 2, 3, 4].map(() => {
      stuck.failed("telling", 1, slow);
      return stuck.sizeFor("telling", 1, 200);
    });
    expect(sizes).toEqual([50, 12, 3, 1]);
    stuck.worked("telling", 1);
    expect(stuck.sizeFor("telling", 1, 200)).toBe(3);
    stuck.clear();
    await scene.owner.query("BEGIN; LOCK TABLE live.marking");
    const locked = await refused("SELECT FROM live.marking", "SET LOCAL lock_timeout = 50");
    await scene.owner.query("ROLLBACK");
    expect(isOfObjects(locked, 1)).toBe(false);
    const ended = await refused("SELECT pg_terminate_backend(pg_backend_pid())");
    expect(ended).toBeInstanceOf(Error);
    expect(isOfObjects(ended, 1)).toBe(false);
  });
});
