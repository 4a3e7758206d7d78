import { type ReleaseContext, reevaluate, release } from "@suar/gate";
import { CLOSED, channels } from "@suar/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const tool = (name: string) => thing("tool", { name });
const again = async (context: ReleaseContext, ...stixIds: string[]) =>
  await scene.write(async (db) => await reevaluate(db, context, { stixIds }));
const status = async (member: string, id: string) => {
  const { status: code, body } = await scene.as(member).get(`/v1/objects/${id}`);
  return code === 200 ? (body.assertions?.[0]?.withdrawn ?? body.items?.[0]?.withdrawn ?? body) : code;
};
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const shut = (context: ReleaseContext, importer: string) => ({
  ...context,
  policies: withPair(context.policies, ["SG", importer], () => ({ effective: ENDED })),
});

describe("what is decided anew", () => {
  test("is closed at once to who may no longer have it, who alone is told; and opens again", async () => {
    const context = await scene.context("SG");
    const object = tool("kingfisher alpha");
    await scene.state(context, item(object));
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
    const done = await again(shut(context, "MY"), object.id);
    expect(done).toMatchObject({ narrowed: [object.id], widened: [] });
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    expect((await scene.as("MY").get("/v1/search?q=kingfisher")).body.items).toEqual([]);
    expect(JSON.stringify((await scene.as("MY").get("/v1/log?after=0&limit=500")).body)).not.toContain(
      "kingfisher alpha",
    );
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    expect((await scene.as("TH").get("/v1/search?q=kingfisher")).body.items).toHaveLength(1);
    expect(await again(shut(context, "MY"), object.id)).toMatchObject({ narrowed: [], widened: [] });
    expect(await again(context, object.id)).toMatchObject({ narrowed: [], widened: [object.id] });
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
    expect((await scene.as("MY").get("/v1/search?q=kingfisher")).body.items).toHaveLength(1);
    expect(await status("MY", object.id)).not.toBe(404);
  });

  test("leaves what its originator shared further with those whom it shared it with", async () => {
    const context = await scene.context("SG");
    const object = tool("kingfisher beta");
    await scene.state(context, item(object, { tlp: "amber", to: ["MY"] }));
    await scene.state(context, item(object, { tlp: "amber", to: ["TH"] }));
    expect(await again(context, object.id)).toMatchObject({ narrowed: [], widened: [] });
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
    expect(await scene.told("MY", object.id)).toEqual(["released"]);
  });

  test("is seen again by whom its originator shares it with anew", async () => {
    const context = await scene.context("SG");
    const object = tool("kingfisher kappa");
    await scene.state(context, item(object));
    await again(shut(context, "MY"), object.id);
    expect(await scene.told("MY", object.id)).toEqual(["withdrawn"]);
    expect(await scene.state(context, item(object))).toMatchObject([{ code: "shared-further" }]);
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
  });

  test("is narrowed by a newer version under a stricter marking, which repeating the older one does not undo", async () => {
    const context = await scene.context("SG");
    const object = tool("kingfisher gamma");
    await scene.state(context, item(object));
    const next = { ...object, modified: "2026-03-01T00:00:00.000Z" };
    await scene.state(context, item(next, { tlp: "amber", to: ["MY"] }));
    expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
    expect(await scene.told("MY", object.id)).toEqual(["released", "released"]);
    expect(await scene.state(context, item(object))).toMatchObject([{ outcome: "unchanged" }]);
    expect(await scene.told("TH", object.id)).toEqual(["withdrawn"]);
  });

  test("is narrowed so where it has no versions, too: of an observable what was said last holds", async () => {
    const context = await scene.context("SG");
    const address = thing("domain-name", { value: "narrowed.kingfisher.example" });
    await scene.state(context, item(address));
    await scene.state(context, item(address, { tlp: "amber", to: ["MY"] }));
    expect(await scene.told("TH", address.id)).toEqual(["withdrawn"]);
    expect(await scene.state(context, item(address))).toMatchObject([{ outcome: "unchanged" }]);
    expect(await scene.told("TH", address.id)).toEqual(["withdrawn"]);
  });

  test("takes with it what names it: reports lose the name, relationships go", async () => {
    const context = await scene.context("SG");
    const [narrow, wide] = [tool("kingfisher delta"), tool("kingfisher epsilon")];
    const report = thing("report", {
      name: "kingfisher report",
      published: "2026-01-01T00:00:00Z",
      object_refs: [narrow.id, wide.id],
    });
    const tie = thing("relationship", {
      relationship_type: "related-to",
      source_ref: narrow.id,
      target_ref: wide.id,
    });
    await scene.state(context, item(narrow), item(wide), item(report), item(tie));
    const next = { ...narrow, modified: "2026-03-01T00:00:00.000Z" };
    await scene.state(context, item(next, { tlp: "amber", to: ["MY"] }));
    const log = (await scene.as("TH").get("/v1/log?after=0&limit=500")).body.items;
    const live = log.filter((one: any) => one.kind !== "withdrawn").map((one: any) => one.object);
    expect(JSON.stringify(live)).not.toContain(narrow.id);
    const copy = live.find((one: any) => one.name === "kingfisher report");
    expect(copy.object_refs).toEqual([wide.id]);
    expect(copy.id).not.toBe(report.id);
    expect(await scene.told("TH", tie.id)).toEqual(["withdrawn"]);
    expect(await scene.told("MY", tie.id)).toEqual(["released"]);
  });

  test("are all versions of an observable, however many", async () => {
    const context = await scene.context("SG");
    const address = thing("domain-name", { value: "many.kingfisher.example" });
    const versions = Array.from({ length: 70 }, (_, n) => ({ ...address, defanged: n % 2 === 0, x_n: n }));
    for (const version of versions) await scene.state(context, item(version));
    await again(shut(context, "MY"), address.id);
    const log = await scene.as("MY").get("/v1/log?after=0&limit=500");
    expect(log.body.items.filter((one: any) => one.object.value === address.value)).toEqual([]);
    const closed = await scene.owner.query(
      "SELECT FROM live.closed c JOIN live.rendition r ON r.id = c.rendition_id WHERE r.body LIKE '%many.kingfisher%' AND c.organisation_id = (SELECT id FROM core.organisation WHERE code = 'MY')",
    );
    expect(closed.rowCount).toBe(70);
  });

  test("goes by the one snapshot that it is handed: a removed member loses, a page leads to the next", async () => {
    const context = await scene.context("SG");
    const object = tool("kingfisher zeta");
    await scene.state(context, item(object));
    const gone = { ...context, organisations: context.organisations.filter(({ member }) => member !== "VN") };
    const seen: string[] = [];
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page: { narrowed: string[]; next: string | undefined } = await scene.write(
        async (db) => await reevaluate(db, gone, { after: after ?? "", limit: 3 }),
      );
      seen.push(...page.narrowed);
      after = page.next;
    }
    expect(seen).toContain(object.id);
    expect(await scene.told("VN", object.id)).toEqual(["withdrawn"]);
    expect(await scene.told("TH", object.id)).toEqual(["released"]);
  });

  test("and a release that it waits for, and that waits for it, both get done", async () => {
    const context = await scene.context("SG");
    const [first, second] = [tool("kingfisher theta"), tool("kingfisher iota")];
    await scene.state(context, item(first));
    const tries = { pass: 0, release: 0 };
    const other = "SELECT pg_advisory_xact_lock(4711)";
    const pass = scene.write(async (db) => {
      tries.pass += 1;
      await reevaluate(db, shut(context, "MY"), { stixIds: [first.id] });
      if (tries.pass === 1) await new Promise((resolve) => setTimeout(resolve, 300));
      await db.query(other);
    });
    const released = scene.write(async (db) => {
      tries.release += 1;
      await db.query(other);
      if (tries.release === 1) await new Promise((resolve) => setTimeout(resolve, 300));
      await release(db, context, [item(second)]);
    });
    await Promise.all([pass, released]);
    expect(tries.pass + tries.release).toBe(3);
    expect(await scene.told("MY", first.id)).toEqual(["withdrawn"]);
    expect(await scene.told("MY", second.id)).toEqual(["released"]);
  });

  test("does not ask any more what was asked of a narrowed object", async () => {
    const context = await scene.context("SG");
    const object = thing("incident", { name: "kingfisher eta" });
    await scene.state(context, item(object, { to: ["MY"] }));
    await again(shut(context, "MY"), object.id);
    const { rows } = await scene.owner.query(
      "SELECT state, reason FROM live.pending_release WHERE stix_id = $1",
      [object.id],
    );
    expect(rows).toEqual([{ state: "lapsed", reason: "decided-anew" }]);
  });
});

test("an advisory that is published under a stricter marking tells processes at once that something is closed", async () => {
  const [analyst, officer] = [scene.as("SG", "analyst"), scene.as("SG", "officer")];
  const draft = { title: "kingfisher theta", body: "A test", tlp: "green" };
  const { body: made } = await analyst.post("/v1/advisories", draft);
  const path = `/v1/advisories/${made.id}`;
  const { realm, platform } = scene.inside;
  const hints: string[] = [];
  const unlisten = platform.signals.listen(channels.release(realm.name), (hint) => void hints.push(hint));
  try {
    const published = await officer.post(`${path}/publish`);
    expect(published.status).toBe(200);
    await until(20_000, "the first hint", async () => hints.length > 0 || undefined);
    const etag = (await analyst.get(path)).headers.get("etag") ?? "";
    const narrower = { ...draft, tlp: "amber+strict", to: ["TH"] };
    expect((await analyst.send("PUT", path, narrower, { "if-match": etag })).status).toBe(200);
    expect(hints).not.toContain(CLOSED);
    expect((await officer.post(`${path}/publish`)).status).toBe(200);
    await until(20_000, "the hint that it is closed", async () => hints.includes(CLOSED) || undefined);
    // Gone at first, and the withdrawal once the log tells it.
    expect([404, true]).toContain(await status("MY", published.body.stixId));
  } finally {
    unlisten();
  }
});
