import { scoId } from "@suar/stix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, until, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";
import { openEventStream } from "./event-stream.ts";
import { exported, postStix } from "./export-scene.ts";
import { freshHost, itemWith, mentions, reportHosts } from "./scene.ts";

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform();
});
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
});

test("what was said of a thing to others decides for no reader whether @watch or a value meets what names it", async () => {
  const ip = { type: "ipv4-addr", spec_version: "2.1", value: "198.51.100.171" };
  const [id, marker] = [scoId(ip), freshHost("comes-after")];
  const system = { type: "autonomous-system", spec_version: "2.1", number: 64_777 };
  const systemId = scoId(system);
  const whole = { ...ip, id, belongs_to_refs: [systemId] };
  // To which system the address belongs is told to one member alone; that there is the address, to all.
  await postStix(as("BN"), "?tlp=amber&to=TH", JSON.parse(bundleOf({ ...system, id: systemId }, whole)));
  await itemWith(as("TH"), systemId);
  await postStix(as("SG"), "?tlp=green", JSON.parse(bundleOf({ ...ip, id })));
  await itemWith(as("KH"), id);
  const readers = await Promise.all(
    ["TH", "KH"].map(async (code) => {
      const set = await as(code).send("PUT", "/v1/watch", { values: ["AS64777"] }, { "if-match": '"0"' });
      expect(set.status, set.text).toBe(200);
      return await openLive(platform.url, platform.key(code, "subscriber"), {
        after: "0",
        filter: { values: ["@watch", marker] },
      });
    }),
  );
  const relationship = {
    type: "relationship",
    spec_version: "2.1",
    id: "relationship--00000000-0000-4000-8000-000000000171",
    created: "2027-01-02T00:00:00.000Z",
    modified: "2027-01-02T00:00:00.000Z",
    relationship_type: "related-to",
    source_ref: id,
    target_ref: id,
  };
  await postStix(as("VN"), "?tlp=green", JSON.parse(bundleOf(relationship)));
  await itemWith(as("KH"), relationship.id);
  // What comes after it on the same stream shows that it was passed over.
  await reportHosts(as("SG"), "?tlp=green", [marker]);
  const [th, kh] = readers as [(typeof readers)[0], (typeof readers)[0]];
  for (const live of [th, kh])
    await live.waitFor("what comes after", () => live.events.find((one) => mentions(one, marker)), 20_000);
  expect([th, kh].map((live) => mentions(live.events, relationship.id))).toEqual([true, false]);
  const pulled = await Promise.all(
    ["TH", "KH"].map(async (code) => await wholeLog(as(code), `&values=${encodeURIComponent("@watch")}`)),
  );
  expect(pulled.map((items) => mentions(items, relationship.id))).toEqual([true, false]);
  for (const live of readers) live.close();
});
