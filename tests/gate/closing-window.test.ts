import { setTimeout as sleep } from "node:timers/promises";
import { type ReleaseContext, reevaluate, release } from "@suar/gate";
import { type PoolClient, transaction } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEventStream } from "../e2e/event-stream.ts";
import { taxiiCaller } from "../e2e/taxii-caller.ts";
import { caller, until } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { openLive } from "../support/live.ts";
import { startReceiver } from "../support/receiver.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

// As docs/services/feed.md has it: nothing comes out of memory later than so long after it was closed.
const BOUND_MS = 500;
const NOT_CURRENT_MS = 2_500;

let scene: GateScene;
let context: ReleaseContext;
beforeAll(async () => {
  scene = await openGateScene();
  context = await scene.context("SG");
});
afterAll(async () => await scene?.close());

/** What closes something: through the platform, which hints at it, or beside it, as where a hint is lost. */
type Close = (object: StixObject) => Promise<void>;
const unhinted = async (work: (db: PoolClient) => Promise<unknown>): Promise<void> => {
  await transaction(scene.inside.realm.write, work);
};
const CLOSINGS: [string, Close][] = [
  [
    "withdrawn",
    async ({ id }) => {
      expect((await scene.as("SG").post(`/v1/objects/${id}/withdraw`)).status).toBe(200);
    },
  ],
  [
    "marked more narrowly",
    async ({ id }) => {
      const path = `/v1/objects/${id}/marking`;
      const tag = (await scene.as("SG").get(path)).headers.get("etag") ?? "";
      const change = { tlp: "amber+strict", to: ["TH"] };
      expect((await scene.as("SG").send("POST", path, change, { "if-match": tag })).status).toBe(200);
    },
  ],
  [
    "decided anew",
    async ({ id }) => {
      const ended = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
      const pair = (importer: string) => (policies: ReleaseContext["policies"]) =>
        withPair(policies, ["SG", importer], () => ({ effective: ended }));
      const policies = pair("public")(pair("MY")(context.policies));
      await unhinted(async (db) => await reevaluate(db, { ...context, policies }, { stixIds: [id] }));
    },
  ],
  [
    "ended earlier",
    async (object) => {
      const limits = { expires: new Date(Date.now() + 100).toISOString() };
      await unhinted(async (db) => await release(db, context, [item(object, { tlp: "clear", limits })]));
      await sleep(100);
    },
  ],
];

describe("while the pen is stopped, no channel brings what was closed", () => {
  test.each(CLOSINGS)("%s", async (how, close) => {
    const name = `petrel ${how.replaceAll(" ", "-")}`;
    const object = thing("tool", { name });
    const keeps = how === "decided anew" ? "TH" : undefined;
    const hook = await failingHook(name, object);
    const letGo = await holdThePen();
    try {
      await close(object);
      await sleep(BOUND_MS);
      const [live, events, sentinel] = await Promise.all([
        streamed("MY"),
        sentEvents("MY"),
        hook.deliverNow(),
      ]);
      expect(live).toContain("petrel sentinel");
      expect(events).toContain("petrel sentinel");
      expect(sentinel).toContain("petrel sentinel");
      for (const answer of [live, events, sentinel, ...(await pulled("MY", name, object.id))])
        expect(answer).not.toContain(name);
      if (keeps !== undefined) expect(await streamed(keeps)).toContain(name);
    } finally {
      await letGo();
      await hook.end();
    }
    await until(20_000, "the withdrawal", async () =>
      (await scene.told("MY", object.id)).includes("withdrawn") ? true : undefined,
    );
  });
});

test("where nobody can say what was closed, nothing comes out of memory; and it goes on when somebody can", async () => {
  const object = thing("tool", { name: "petrel unknown" });
  await scene.state(context, item(object, { tlp: "clear" }));
  await may("REVOKE");
  try {
    await sleep(NOT_CURRENT_MS);
    const live = await openLive(scene.platform.url, scene.platform.key("MY", "subscriber"), { after: "0" });
    await live.waitFor("the subscription", (messages) => messages.some(({ op }) => op === "subscribed"));
    await sleep(500);
    expect(live.events).toEqual([]);
    await may("GRANT");
    await live.waitFor("the end", (messages) => messages.some(({ op }) => op === "caught-up"));
    expect(JSON.stringify(live.events)).toContain("petrel unknown");
    live.close();
  } finally {
    await may("GRANT");
  }
});

test("where nobody can say what was closed, webhooks are not worked for; and it goes on when somebody can", async () => {
  const hook = await failingHook("petrel owed", thing("tool", { name: "petrel owed" }));
  const leases = async () =>
    Number((await scene.owner.query("SELECT last_value FROM live.delivery_fence")).rows[0].last_value);
  await may("REVOKE");
  try {
    await sleep(NOT_CURRENT_MS);
    await scene.owner.query("UPDATE live.delivery SET due_at = now()");
    await scene.owner.query("UPDATE live.webhook SET failures = 0, resting_until = NULL");
    const before = await leases();
    await sleep(3_000);
    expect(await leases()).toBe(before);
    await may("GRANT");
    expect(await hook.deliverNow()).toContain("petrel owed");
  } finally {
    await may("GRANT");
    await hook.end();
  }
});

/** Whether the platform's tail may read what was closed. */
async function may(verb: "GRANT" | "REVOKE"): Promise<void> {
  const whom = `${verb === "GRANT" ? "TO" : "FROM"} log_tail_live`;
  await scene.owner.query(`${verb} SELECT (written_in) ON live.closing ${whom}`);
}

/** Nothing is numbered until it is let go. */
async function holdThePen(): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
  await holder.connect();
  await holder.query("BEGIN; SELECT FROM live.log_head FOR UPDATE");
  return async () => await holder.end();
}

/** A webhook of MY's that was not taken: the object and a sentinel wait to be posted again. */
async function failingHook(name: string, object: StixObject) {
  const receiver = await startReceiver();
  receiver.answer(() => 500);
  const hook = await scene.as("MY").post("/v1/webhooks", { url: receiver.url, filter: {} });
  await scene.state(
    context,
    item(object, { tlp: "clear" }),
    item(thing("tool", { name: "petrel sentinel" }), { tlp: "clear" }),
  );
  await until(20_000, "a failed post of it", async () =>
    receiver.received.find(({ body }) => body.includes(name)),
  );
  return {
    deliverNow: async () => {
      const before = receiver.received.length;
      receiver.answer(() => 200);
      await scene.as("MY").post(`/v1/webhooks/${hook.body.id}/resume`);
      const since = () => receiver.received.slice(before).map(({ body }) => body);
      await until(20_000, "the sentinel", async () =>
        since().find((body) => body.includes("petrel sentinel")),
      );
      await sleep(300);
      return since().join("\n");
    },
    end: async () => {
      await scene.as("MY").send("DELETE", `/v1/webhooks/${hook.body.id}`);
      await receiver.close();
    },
  };
}

async function streamed(member: string): Promise<string> {
  const key = scene.platform.key(member, "subscriber");
  const live = await openLive(scene.platform.url, key, { after: "0" });
  await live.waitFor("the end", (messages) => messages.some(({ op }) => op === "caught-up"));
  live.close();
  return JSON.stringify(live.messages);
}

async function sentEvents(member: string): Promise<string> {
  const stream = await openEventStream(scene.platform.url, scene.platform.key(member, "subscriber"));
  await stream.waitFor("the end", (events) => events.some(({ event }) => event === "caught-up"));
  stream.close();
  await stream.ended;
  return JSON.stringify(stream.events);
}

async function pulled(member: string, name: string, id: string): Promise<string[]> {
  const reader = scene.as(member);
  const nobody = caller(scene.platform.url, undefined);
  const taxii = taxiiCaller(scene.platform.url, scene.platform.key(member));
  const answers = [
    await reader.get("/v1/log?after=0&limit=500"),
    await reader.get("/v1/objects?limit=500"),
    await reader.get(`/v1/objects/${id}`),
    await nobody.get("/v1/public/events?limit=500"),
    await nobody.get(`/v1/public/objects/${id}`),
    await taxii.get(`/taxii2/live/collections/all/objects/${id}/`),
  ];
  const { body } = await reader.get(`/v1/search?q=${encodeURIComponent(`"${name}"`)}`);
  return [...answers.map(({ text }) => text), JSON.stringify(body.items)];
}
