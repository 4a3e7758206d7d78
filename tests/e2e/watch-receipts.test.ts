import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, until, wholeLog } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";
import { openEventStream } from "./event-stream.ts";
import { exported } from "./export-scene.ts";
import { freshHost, itemWith, mentions, reportHosts } from "./scene.ts";

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform();
}, 300_000);
afterAll(async () => {
  await platform.remove();
});

test("what @watch lets through shows in no receipt: who sent a probe is not told whether anybody watches for it", async () => {
  const [probe, receiver] = [freshHost("probe"), await startReceiver()];
  const set = await as("PH").send("PUT", "/v1/watch", { values: [probe] }, { "if-match": '"0"' });
  expect(set.status, set.text).toBe(200);
  const query = `values=${encodeURIComponent("@watch")}`;
  const filter = { values: ["@watch"] };
  const live = await openLive(platform.url, platform.key("PH", "subscriber"), { after: "latest", filter });
  const events = await openEventStream(platform.url, platform.key("PH"), {
    query: `?after=latest&${query}`,
  });
  expect((await as("PH").post("/v1/webhooks", { url: receiver.url, filter })).status).toBe(201);
  await reportHosts(as("SG"), "?tlp=green", [probe]);
  const has = (one: unknown) => (mentions(one, probe) ? one : undefined);
  await live.waitFor("the event", () => live.events.find(has), 20_000);
  await events.waitFor("the event", (all) => (all.some(has) ? true : undefined), 20_000);
  await until(20_000, "the webhook", async () => receiver.received.map(({ json }) => json).find(has));
  expect(mentions(await wholeLog(as("PH"), `&${query}`), probe)).toBe(true);
  const found = await as("PH").get(`/v1/search?q=${encodeURIComponent("@watch")}`);
  expect(mentions(found.body.items, probe)).toBe(true);
  expect((await exported(as("PH"), "csv", `?${query}`)).text).toContain(probe);
  // Whoever reads all of it is told of, after all of that.
  const { object } = await itemWith(as("VN"), probe);
  const channelsOf = async (code: string): Promise<string[]> => {
    const { body } = await as("SG").get(`/v1/objects/${object.id}/receipts`);
    const { delivered } = body.items[0].receivers.find(({ organisation }: any) => organisation === code);
    return delivered.map(({ channel }: any) => channel);
  };
  await until(20_000, "the receipt", async () =>
    (await channelsOf("VN")).includes("pull") ? true : undefined,
  );
  expect(await channelsOf("PH")).toEqual([]);
  // Nor does the record of deliveries say it, of which the receiver is told the same.
  expect((await as("PH").get("/v1/log/deliveries")).body.items).toEqual([]);
  // A withdrawal passes every filter, and is told of as ever.
  expect((await as("SG").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
  await until(20_000, "its receipt", async () =>
    (await channelsOf("PH")).includes("webhook") ? true : undefined,
  );
  live.close();
  events.close();
  await receiver.close();
}, 180_000);
