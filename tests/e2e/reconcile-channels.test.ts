import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";
import { suarCommand } from "../support/suar-command.ts";
import { taxiiCaller } from "./taxii-caller.ts";

/* What a platform that runs delivers by each of its channels, saved as it came, and held against the receipts. */

let platform: PlatformProcess;
let owner: pg.Client;
let my: Caller;
let sg: Caller;
let folder: string;
/** Two indicators that are there, and one that was taken back. */
let items: any[];
const AT = "2026-01-07T00:00:00.000Z";

beforeAll(async () => {
  platform = await startPlatform();
  owner = await connectAs(platform.dataDir, "postgres");
  await owner.query("SET search_path = live");
  [sg, my] = [caller(platform.url, platform.key("SG")), caller(platform.url, platform.key("MY"))];
  await submitAndWait(sg, "?tlp=green", bundleOf(indicator("one"), indicator("two")), "application/json");
  const gone = indicator("gone");
  await submitAndWait(sg, "?tlp=green", bundleOf(gone), "application/json");
  expect((await sg.post(`/v1/objects/${gone.id}/withdraw`, {})).status).toBe(200);
  items = await until(20_000, "the withdrawal", async () => {
    const all = await wholeLog(my);
    const told = all.filter(({ object }) => object.id === gone.id);
    return told.length > 1 ? all : undefined;
  });
  await until(20_000, "receipts of all", async () =>
    (await my.get(`/v1/tlog/receipts/${items.at(-1).seq}`)).status === 200 ? true : undefined,
  );
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "suar channels "));
  for (const name of ["inbox", "receipts"]) mkdirSync(join(folder, name));
  return () => rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await owner?.end();
  await platform?.remove();
});

function indicator(name: string) {
  const said = { pattern: `[domain-name:value = '${name}.channels.example.com']`, pattern_type: "stix" };
  const id = `indicator--${randomUUID()}`;
  const times = { created: AT, modified: AT, valid_from: AT };
  return { type: "indicator", spec_version: "2.1", id, ...times, name, ...said };
}

/** What came by each channel, in the form in which it came. */
const CHANNELS: Record<string, () => Promise<string>> = {
  "pages of the log": async () => (await my.get("/v1/log?after=0&limit=500")).text,
  "an event stream": savedStream,
  "messages of a WebSocket": async () => {
    const live = await openLive(platform.url, platform.key("MY"), { after: "0" });
    await live.waitFor("the end", (messages) => messages.find(({ op }) => op === "caught-up"));
    live.close();
    await live.closed;
    return live.messages.map((message) => `${JSON.stringify(message)}\n`).join("");
  },
  "a webhook's messages": savedMessages,
  "TAXII envelopes": async () => (await collection("objects/")).text,
  "TAXII manifests": async () => (await collection("manifest/")).text,
  "answers about an object": async () => {
    const ids = new Set((await wholeLog(my)).map(({ object }) => object.id));
    const answers = [...ids].map(async (id) => (await my.get(`/v1/objects/${id}`)).text);
    return (await Promise.all(answers)).join("\n");
  },
  "lists of objects": async () => (await my.get("/v1/objects?limit=500")).text,
  "answers of the search": async () => (await my.get("/v1/search?q=one.channels.example.com")).text,
  "a bundle": async () => bundleOf(...(await collection("objects/")).body.objects),
};

async function collection(path: string) {
  const answer = await taxiiCaller(platform.url, platform.key("MY")).get(
    `/taxii2/live/collections/all/${path}`,
  );
  expect(answer.status).toBe(200);
  return answer;
}

async function savedStream(): Promise<string> {
  const abort = new AbortController();
  const headers = { authorization: `Bearer ${platform.key("MY")}`, accept: "text/event-stream" };
  const { body } = await fetch(`${platform.url}/v1/live?after=0`, { headers, signal: abort.signal });
  let text = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes("event: caught-up")) break;
  }
  abort.abort();
  return text;
}

async function savedMessages(): Promise<string> {
  const receiver = await startReceiver();
  const made = await my.post("/v1/webhooks", { url: receiver.url, after: "0" });
  expect(made.status, made.text).toBe(201);
  const received = await receiver.waitFor(new Set(items.map(({ seq }) => seq)).size);
  await my.send("DELETE", `/v1/webhooks/${made.body.id}`);
  await receiver.close();
  return received.map(({ body }) => body).join("\n");
}

async function reconcile(saved: string): Promise<any> {
  writeFileSync(join(folder, "inbox", "saved"), saved);
  const as = { url: platform.url, key: platform.key("MY") };
  const policy = join(folder, "policy.json");
  expect((await suarCommand(as, ["verify", "fetch", "--policy", policy])).code).toBe(0);
  const alone = {
    ...(await my.get("/v1/tlog/witness-policy")).body,
    threshold: 0,
    required: [],
    atLeast: [],
  };
  writeFileSync(policy, JSON.stringify(alone));
  const folders = ["--inbox", join(folder, "inbox"), "--receipts", join(folder, "receipts")];
  await suarCommand(as, ["verify", "fetch", ...folders]); // finds by itself what has no receipt
  const { stdout } = await suarCommand(as, ["verify", "reconcile", ...folders, "--policy", policy]);
  return JSON.parse(stdout);
}

/** An object that the owner of the database hands over past the log: an entry without a leaf, to whom another one went. */
async function slipIn<T>(work: () => Promise<T>): Promise<T> {
  const id = `indicator--${randomUUID()}`;
  const { seq } = items.find(({ object }) => object.name === "one");
  await owner.query("SET session_replication_role = replica");
  await owner.query(
    `INSERT INTO rendition (id, producer, stix_id, type, tlp, rank, body)
     SELECT 900000000, producer, $1, type, tlp, rank, replace(body, stix_id, $1)
       FROM rendition WHERE id = (SELECT rendition_id FROM log WHERE seq = $2)`,
    [id, seq],
  );
  await owner.query(
    `INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, leaf)
     SELECT (SELECT max(seq) + 1 FROM log), now(), kind, 900000000, audience_id, leaf FROM log WHERE seq = $1`,
    [seq],
  );
  await owner.query(
    "INSERT INTO observable (key, rendition_id, audience_id) SELECT $1, 900000000, audience_id FROM log WHERE seq = $2",
    ["domain:one.channels.example.com", seq],
  );
  await owner.query("UPDATE log_head SET seq = seq + 1");
  try {
    return await work();
  } finally {
    await owner.query(`DELETE FROM log WHERE rendition_id = 900000000`);
    await owner.query(`DELETE FROM rendition WHERE id = 900000000`);
    await owner.query(`DELETE FROM observable WHERE rendition_id = 900000000`);
    await owner.query("UPDATE log_head SET seq = seq - 1");
    await owner.query("SET session_replication_role = DEFAULT");
  }
}

/** By these comes all that is logged for a member. */
const IN_FULL = new Set(Object.keys(CHANNELS).slice(0, 5));

test.each(Object.keys(CHANNELS))(
  "%s: what came is what was logged",
  async (channel) => {
    const saved = await (CHANNELS[channel] as () => Promise<string>)();
    const { findings, items: read } = await reconcile(saved);
    // What was not asked for is missing, and nothing else is wrong.
    const wrong = findings.filter(({ code }: any) => code !== "no-delivery" && code !== "gap");
    expect(wrong).toEqual([]);
    if (IN_FULL.has(channel)) expect(findings).toEqual([]);
    if (channel !== "TAXII manifests") expect(read).toBeGreaterThan(0);
  },
  60_000,
);

const BY_ROWS = Object.keys(CHANNELS).filter((name) => !/stream|WebSocket|webhook/.test(name));

test.each(BY_ROWS)(
  "%s: what was never logged is found",
  async (channel) => {
    await slipIn(async () => {
      const saved = await (CHANNELS[channel] as () => Promise<string>)();
      const { findings } = await reconcile(saved);
      expect(findings.map(({ code }: any) => code)).toContain("no-receipt");
    });
  },
  60_000,
);

test("what is none of it is said to be unreadable, however it is nested", async () => {
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const nested = `{"type":"indicator","spec_version":"2.1","id":"indicator--1","x":${deep}}`;
  for (const saved of ["domain,seen\nexample.com,2026\n", nested, '{"objects":[{"type":"indicator"}]}']) {
    const { findings } = await reconcile(saved);
    expect(new Set(findings.map(({ code }: any) => code)), saved.slice(0, 50)).toContain("unreadable");
  }
});
