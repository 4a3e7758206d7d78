import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Caller, caller, until } from "../support/api.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { exported, follow, postStix } from "./export-scene.ts";
import { indicatorOf } from "./indicator-of.ts";
import { freshHost, itemWith, reportHosts } from "./scene.ts";

const NOTICED_WITHIN_MS = 20_000;

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.remove();
});

type Manifest = Record<string, { info: string; timestamp: string; Tag: { name: string }[] }>;
type Attribute = { uuid: string; value: string; deleted: boolean };

/** Reads a feed as a MISP does: its manifest, and of its events those whose time is new to it. */
async function pull(
  read: (file: string) => Promise<Answer>,
  known: Map<string, string>,
): Promise<{ manifest: Manifest; fetched: Map<string, { text: string; attributes: Attribute[] }> }> {
  const answer = await read("manifest.json");
  expect(answer.status, answer.text).toBe(200);
  const manifest = JSON.parse(answer.text) as Manifest;
  const fetched = new Map<string, { text: string; attributes: Attribute[] }>();
  for (const [uuid, { timestamp }] of Object.entries(manifest)) {
    if (Number(known.get(uuid) ?? 0) >= Number(timestamp)) continue;
    const { status, text } = await read(`${uuid}.json`);
    expect(status, text).toBe(200);
    const { Event } = JSON.parse(text) as {
      Event: { uuid: string; timestamp: string; Attribute: Attribute[] };
    };
    expect([Event.uuid, Event.timestamp]).toEqual([uuid, timestamp]);
    fetched.set(uuid, { text, attributes: Event.Attribute });
    known.set(uuid, timestamp);
  }
  return { manifest, fetched };
}

async function feedOf(member: string): Promise<{ url: string; read: (file: string) => Promise<Answer> }> {
  const made = await as(member, "subscriber").post("/v1/export-links", { name: "misp", format: "misp" });
  expect(made.status, made.text).toBe(201);
  const url = String(made.body.url);
  return { url, read: async (file) => await follow(platform, `${url}/${file}`) };
}

test("a MISP that knows an address alone gets what its organisation may see, and again only what changed", async () => {
  const [mine, others] = [freshHost("feed-mine"), freshHost("feed-others")];
  await reportHosts(as("VN"), "?tlp=amber&to=MY", [mine]);
  await reportHosts(as("VN"), "?tlp=amber&to=TH", [others]);
  await itemWith(as("MY"), mine);
  await itemWith(as("TH"), others);
  const { read, url } = await feedOf("MY");
  const known = new Map<string, string>();
  const first = await until(NOTICED_WITHIN_MS, "its event, once its second is over", async () => {
    const { manifest, fetched } = await pull(read, known);
    const texts = [...fetched.values()].map(({ text }) => text).join("");
    expect(texts).not.toContain("feed-others");
    return texts.includes(mine) ? { manifest, fetched } : undefined;
  });
  const [uuid = "", { text }] = [...first.fetched].find(([, event]) => event.text.includes(mine)) ?? [
    "",
    { text: "" },
  ];
  expect(first.manifest[uuid]).toMatchObject({
    info: expect.stringContaining("VN"),
    Tag: [{ name: "tlp:amber" }],
  });
  const again = await pull(read, known);
  expect([...again.fetched.keys()]).toEqual([]);
  expect(again.manifest).toEqual(first.manifest);
  const digests = await read("hashes.csv");
  expect(digests.text).toContain(`${createHash("md5").update(mine).digest("hex")},${uuid}\n`);
  // What is there under a header's key is the same.
  const byHeader = await as("MY").get(`/v1/export/misp/${uuid}.json`);
  expect(byHeader.text).toBe(text);
  const tag = byHeader.headers.get("etag") ?? "";
  expect((await as("MY").get(`/v1/export/misp/${uuid}.json`, { "if-none-match": tag })).status).toBe(304);
  // The address itself is all events in one file, and others' events are none.
  expect((await follow(platform, url)).text).toContain(mine);
  expect((await as("TH").get(`/v1/export/misp/${uuid}.json`)).status).toBe(404);
  const theirs = Object.keys((await as("TH").get("/v1/export/misp/manifest.json")).body as Manifest);
  for (const one of theirs.filter((name) => !(name in first.manifest)))
    expect((await read(`${one}.json`)).status).toBe(404);
});

test("what is recalled is gone from its event at once, and deleted in it for a MISP that had it", async () => {
  const [kept, gone] = [freshHost("feed-kept"), freshHost("feed-gone")];
  await reportHosts(as("SG"), "?tlp=amber&to=PH", [kept]);
  await reportHosts(as("SG"), "?tlp=amber&to=PH", [gone]);
  await itemWith(as("PH"), kept);
  const { object } = await itemWith(as("PH"), gone);
  const { read } = await feedOf("PH");
  const known = new Map<string, string>();
  const had = new Map<string, Attribute>();
  const take = async () => {
    const { manifest, fetched } = await pull(read, known);
    for (const { attributes } of fetched.values()) for (const one of attributes) had.set(one.uuid, one);
    return manifest;
  };
  const holds = (host: string) => [...had.values()].some(({ value, deleted }) => value === host && !deleted);
  await until(NOTICED_WITHIN_MS, "both", async () => {
    await take();
    return holds(kept) && holds(gone) ? true : undefined;
  });
  expect((await as("SG").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
  for (const uuid of known.keys()) expect((await read(`${uuid}.json`)).text).not.toContain(gone);
  expect((await exported(as("PH"), "misp")).text).not.toContain(gone);
  await until(NOTICED_WITHIN_MS, "its end in a MISP", async () => {
    await take();
    return holds(gone) ? undefined : true;
  });
  expect(holds(kept)).toBe(true);
  expect([...had.values()].filter(({ deleted }) => deleted).map(({ value }) => value)).toEqual(["withdrawn"]);
});

test("a report is an event by its name, and its own link in another format is no feed", async () => {
  const host = freshHost("feed-report");
  const indicator = indicatorOf(host);
  const times = { created: "2026-03-01T00:00:00.000Z", modified: "2026-03-01T00:00:00.000Z" };
  const report = {
    type: "report",
    spec_version: "2.1",
    id: "report--7c1d2f0a-9d44-4c6b-8a1e-3f6c20d1e701",
    ...times,
    name: `Campaign of ${host}`,
    published: times.created,
    object_refs: [indicator.id],
  };
  const bundle = {
    type: "bundle",
    id: "bundle--7c1d2f0a-9d44-4c6b-8a1e-3f6c20d1e702",
    objects: [indicator, report],
  };
  await postStix(as("SG"), "?tlp=amber&to=BN", bundle);
  await itemWith(as("BN"), report.name);
  const { response } = (await exported(as("BN"), "misp")).body as {
    response: { Event: { info: string; Attribute: { value: string; to_ids: boolean }[] } }[];
  };
  const event = response.find(({ Event }) => Event.info === report.name)?.Event;
  expect(event?.Attribute).toMatchObject([{ value: host, to_ids: true }]);
  const csv = await as("BN", "subscriber").post("/v1/export-links", { name: "csv", format: "csv" });
  expect((await follow(platform, `${csv.body.url}/manifest.json`)).status).toBe(404);
  const misp = await feedOf("BN");
  expect((await misp.read("manifest.json")).status).toBe(200);
  expect((await misp.read("..%2fmanifest.json")).status).toBe(404);
});
