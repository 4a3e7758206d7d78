import { closeNarrowed, type ReleaseContext, recall, reevaluate } from "@suar/gate";
import type { PairPolicy } from "@suar/policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until, wholeLog } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => {
  // What is closed early costs its originator the receipts, unless a pass is under way: this is the end of one.
  await pass(await scene.context("SG"));
  await scene.close();
});

const tool = (name: string) => thing("tool", { name });
const report = (name: string, names: string[]) =>
  thing("report", { name, published: "2026-01-01T00:00:00.000Z", object_refs: names });
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const shut = (context: ReleaseContext, importer: string) => ({
  ...context,
  policies: withPair(context.policies, ["SG", importer], () => ({ effective: ENDED })),
});
/** The pair with nothing of one type let through. */
const without = (context: ReleaseContext, importer: string, type: string) => ({
  ...context,
  policies: withPair(context.policies, ["SG", importer], ({ rules }) => ({
    rules: [...rules, ruleAgainst(type, rules)],
  })),
});

function ruleAgainst(type: string, [one]: PairPolicy["rules"]): PairPolicy["rules"][number] {
  const condition = `"if":{"type":["${type}"]},"then":"withhold"`;
  return JSON.parse(
    `{"id":"no-${type}","party":"exporter",${condition},"source":"A test","guide":"${one?.guide}"}`,
  );
}

/** The first go of a pass over all that SG states. */
const close = async (context: ReleaseContext) =>
  await scene.write(async (db) => {
    let [closed, after] = [0, ""];
    for (;;) {
      const done = await closeNarrowed(db, context, { after, limit: 3 });
      closed += done.closed;
      if (done.next === undefined) return closed;
      after = done.next;
    }
  });
const again = async (context: ReleaseContext, ...stixIds: string[]) =>
  await scene.write(async (db) => await reevaluate(db, context, { stixIds }));
/** The second go. */
const pass = async (context: ReleaseContext) =>
  await scene.write(async (db) => await reevaluate(db, context, { after: "", limit: 500 }));
const early = async () =>
  Number((await scene.owner.query("SELECT count(*) FROM live.closed WHERE early")).rows[0].count);
/** Whether a word is anywhere in what a member reads by pages, by search, or of an object. */
const knows = async (member: string, word: string, id: string): Promise<boolean[]> => {
  const as = scene.as(member);
  const found = (await as.get(`/v1/search?q=${word}`)).body.items.length > 0;
  const object = JSON.stringify((await as.get(`/v1/objects/${id}`)).body).includes(word);
  return [found, object, JSON.stringify(await wholeLog(as)).includes(word)];
};
const ALL = [true, true, true];
const NOTHING = [false, false, false];

describe("what narrows", () => {
  test("is closed before anybody is told, to those alone who lose it, and told by the pass", async () => {
    const context = await scene.context("SG");
    const object = tool("redshank");
    await scene.state(context, item(object));
    await scene.state(context, item(tool("greenshank"), { tlp: "amber", to: ["TH"] }));
    expect(await knows("MY", "redshank", object.id)).toEqual(ALL);
    expect(await close(context)).toBe(0);
    expect(await close(shut(context, "MY"))).toBeGreaterThan(0);
    expect(await close(shut(context, "MY"))).toBe(0);
    expect(await knows("MY", "redshank", object.id)).toEqual(NOTHING);
    expect(await scene.told("MY", object.id)).toEqual([]);
    expect(await knows("TH", "redshank", object.id)).toEqual(ALL);
    expect(await knows("SG", "redshank", object.id)).toEqual(ALL);
    const done = await again(shut(context, "MY"), object.id);
    expect(done).toMatchObject({ narrowed: [object.id], widened: [] });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    expect(await early()).toBe(0);
  });

  test("comes as a new entry to who keeps it after all: who read meanwhile went past the old one", async () => {
    const context = await scene.context("SG");
    const object = tool("whimbrel");
    await scene.state(context, item(object));
    await close(shut(context, "MY"));
    const { body } = await scene.as("MY").get("/v1/log?after=0&limit=500");
    expect(JSON.stringify(body)).not.toContain("whimbrel");
    expect(await again(context, object.id)).toMatchObject({ narrowed: [], widened: [object.id] });
    const since = (await scene.as("MY").get(`/v1/log?after=${body.next}&limit=500`)).body.items;
    expect(since.map(({ kind, object: { id } }: any) => [kind, id])).toEqual([["released", object.id]]);
    expect(await knows("MY", "whimbrel", object.id)).toEqual(ALL);
    // Nobody else is told anything.
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    expect(await again(context, object.id)).toMatchObject({ narrowed: [], widened: [] });
    expect(await early()).toBe(0);
  });

  test("is closed with what names it, however far, and the pass gives that again without it", async () => {
    const context = await scene.context("SG");
    const named = tool("avocet");
    const naming = report("dotterel", [named.id]);
    const about = report("lapwing", [naming.id]);
    const other = report("curlew", [tool("nobody").id]);
    await scene.state(context, item(named), item(naming), item(about), item(other));
    const narrower = without(context, "MY", "tool");
    await close(narrower);
    expect(await knows("MY", "avocet", named.id)).toEqual(NOTHING);
    for (const word of ["dotterel", "lapwing"]) expect(await knows("MY", word, naming.id)).toEqual(NOTHING);
    expect(await knows("MY", "curlew", other.id)).toEqual(ALL);
    expect(await knows("TH", "dotterel", naming.id)).toEqual(ALL);
    await pass(narrower);
    const log = JSON.stringify(await wholeLog(scene.as("MY")));
    expect(log).toContain("dotterel");
    expect(log).toContain("lapwing");
    expect(log).not.toContain("avocet");
    // The stub of the loss, and nothing that names it.
    expect(log.split(named.id)).toHaveLength(2);
    expect(await early()).toBe(0);
    await pass(context);
  });

  test("is replaced, and told so, where its reader is due another copy by now", async () => {
    const context = await scene.context("SG");
    const named = tool("sanderling");
    const naming = report("turnstone", [named.id]);
    const noTools = without(context, "MY", "tool");
    await scene.state(noTools, item(named), item(naming));
    const copy = (await wholeLog(scene.as("MY"))).find(({ object }) => object.name === "turnstone");
    expect(copy?.object.id).not.toBe(naming.id);
    await close(shut(context, "MY"));
    expect(await knows("MY", "turnstone", naming.id)).toEqual(NOTHING);
    await again(context, named.id, naming.id);
    expect(await scene.told("MY", naming.id)).toEqual(["released"]);
    expect(await scene.told("MY", copy?.object.id)).toEqual(["withdrawn"]);
    await pass(context);
    expect(await early()).toBe(0);
  });

  test("is told as a recall to who had not been told of the loss", async () => {
    const context = await scene.context("SG");
    const object = tool("phalarope");
    await scene.state(context, item(object));
    await close(shut(context, "MY"));
    await scene.write(async (db) => await recall(db, context, { stixId: object.id, dueInMs: 60_000 }));
    expect(await scene.told("MY", object.id)).toContain("withdrawn");
    expect(await knows("MY", "phalarope", object.id)).toEqual(NOTHING);
  });

  test("is not in the streams' memory either", async () => {
    const context = await scene.context("SG");
    const object = tool("knot");
    await scene.state(context, item(object));
    const key = scene.platform.key("MY", "subscriber");
    const before = await openLive(scene.platform.url, key, { after: "0" });
    const has = (events: any[]) => events.some((event) => event.object?.id === object.id);
    await before.waitFor("the release", () => has(before.events));
    before.close();
    await close(shut(context, "MY"));
    await until(10_000, "the stream's memory to forget it", async () => {
      const after = await openLive(scene.platform.url, key, { after: "0" });
      await after.waitFor("its end", () => after.messages.some(({ op }: any) => op === "caught-up"));
      const isGone = !has(after.events);
      after.close();
      return isGone || undefined;
    });
  });
});
