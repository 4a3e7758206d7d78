import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, until, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";
import { suarCommand } from "../support/suar-command.ts";
import { openEventStream } from "./event-stream.ts";
import { exported, follow, postStix } from "./export-scene.ts";
import { freshHost, itemWith, mentions, reportHosts } from "./scene.ts";

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.remove();
});

/** Says anew what a member watches. */
async function watch(member: string, values: readonly string[]): Promise<number> {
  const { body: before } = await as(member).get("/v1/watch");
  const answer = await put(member, values, `"${before.version}"`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.version;
}

async function put(member: string, values: readonly string[], ifMatch?: string) {
  const headers = { ...(ifMatch !== undefined && { "if-match": ifMatch }) };
  return await as(member).send("PUT", "/v1/watch", { values }, headers);
}

const watchedLog = async (member: string): Promise<any[]> =>
  await wholeLog(as(member), `&values=${encodeURIComponent("@watch")}`);

describe("what an organisation watches", () => {
  test("is kept in its one spelling, once, and told to nobody else", async () => {
    const none = await as("LA").get("/v1/watch");
    expect([none.status, none.body, none.headers.get("etag")]).toEqual([
      200,
      { values: [], version: 0, changedAt: null },
      '"0"',
    ]);
    const set = await put("LA", ["ASN 64496", "192.0.2.9/24", "Secret-Asset[.]example", "AS64496"], '"0"');
    expect(set.body.values).toEqual(["AS64496", "192.0.2.0/24", "secret-asset.example"]);
    expect(set.headers.get("etag")).toBe('"1"');
    const read = await as("LA", "subscriber").get("/v1/watch");
    expect(read.body).toEqual(set.body);
    expect(mentions((await as("SG").get("/v1/watch")).body, "secret-asset")).toBe(false);
    const db = await connectAs(platform.dataDir, "app_write_live");
    const { rows } = await db.query("SELECT w.* FROM live.watch_list w");
    const events = await db.query("SELECT a.* FROM live.activity a WHERE type = 'watch-list-changed.v1'");
    await db.end();
    expect(events.rows[0]).toMatchObject({ subject: "LA", fields: {} });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify([rows, events.rows])).not.toMatch(/secret-asset|64496|192\.0\.2/);
  });

  test("is refused with the place of each value that is none, and then nothing of it is kept", async () => {
    const before = (await as("KH").get("/v1/watch")).body;
    const refused = await put("KH", ["bank.example", "nowhere", "0.0.0.0/0", "AS1", "a@b.example"], '"0"');
    expect([refused.status, refused.body.code]).toEqual([400, "bad-request"]);
    expect(refused.body.errors.map(({ path }: any) => path)).toEqual(["/values/1", "/values/2", "/values/4"]);
    expect((await as("KH").get("/v1/watch")).body).toEqual(before);
    const many = Array.from({ length: 5_001 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`);
    expect((await put("KH", many, '"0"')).status).toBe(400);
    const most = await put("KH", many.slice(1), '"0"');
    expect([most.status, most.body.values.length]).toEqual([200, 5_000]);
  });

  test("is changed by whoever saw it as it is", async () => {
    const version = await watch("BN", ["one.example"]);
    const codes = [];
    for (const tag of [undefined, `"${version - 1}"`, `"${version + 1}"`, '"0"', "*"])
      codes.push((await put("BN", ["two.example"], tag)).body.code);
    expect(codes).toEqual(["bad-request", ...Array(4).fill("edited-meanwhile")]);
    const both = await Promise.all(["a.example", "b.example"].map((one) => put("BN", [one], `"${version}"`)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const emptied = await put("BN", [], `"${version + 1}"`);
    expect(emptied.body).toMatchObject({ values: [], version: version + 2 });
  });

  test("does not open in another's place, nor as it was before", async () => {
    await watch("TL", ["first.example"]);
    const db = await connectAs(platform.dataDir, "app_write_live");
    const rows = async () =>
      (
        await db.query(
          "SELECT organisation_id, version, sealed FROM live.watch_list ORDER BY changed_at DESC",
        )
      ).rows;
    const [first] = await rows();
    await watch("TL", ["second.example"]);
    const put = async (sealed: string) =>
      await db.query("UPDATE live.watch_list SET sealed = $2 WHERE organisation_id = $1", [
        first.organisation_id,
        sealed,
      ]);
    const [second, other] = await rows();
    const states = [];
    for (const { sealed } of [first, other, second]) {
      await put(sealed);
      states.push((await as("TL").get("/v1/watch")).status);
    }
    await db.end();
    expect(states).toEqual([500, 500, 200]);
  });
});

describe("@watch", () => {
  test("stands on every channel for what is watched by now, and moves no cursor", async () => {
    const [asset, early] = [freshHost("watched-asset"), freshHost("before")];
    const [analyst, receiver] = [as("MY"), await startReceiver()];
    const filter = { values: ["@watch"], kinds: ["released"] };
    const query = `values=${encodeURIComponent("@watch")}&kinds=released`;
    const live = await openLive(platform.url, platform.key("MY", "subscriber"), { after: "latest", filter });
    const events = await openEventStream(platform.url, platform.key("MY"), {
      query: `?after=latest&${query}`,
    });
    const hook = await analyst.post("/v1/webhooks", { url: receiver.url, filter });
    const rule = await analyst.post("/v1/alert-rules", { name: "assets", filter: { values: ["@watch"] } });
    const link = await analyst.post("/v1/export-links", { name: "x", format: "list-domain", filter });
    expect([hook.status, rule.status, link.status]).toEqual([201, 201, 201]);
    await reportHosts(as("SG"), "?tlp=green", [`www.${asset}`, early]);
    await itemWith(analyst, early);
    expect(await watchedLog("MY")).toEqual([]);
    expect((await follow(platform, link.body.url)).text).not.toContain(asset);

    const waiting = analyst.get(`/v1/log?after=latest&wait=30&${query}`);
    await watch("MY", [asset]);
    // What has passed is read where one reads from the beginning; what stays open goes on from where it stands.
    expect(mentions(await watchedLog("MY"), `www.${asset}`)).toBe(true);
    expect((await follow(platform, link.body.url)).text).toContain(`www.${asset}`);
    const found = await as("MY").get(`/v1/search?q=${encodeURIComponent("@watch")}`);
    expect(found.body.understood).toEqual({ kind: "watch-list", value: "@watch" });
    expect(found.body.items.some(({ object }: any) => mentions(object, `www.${asset}`))).toBe(true);
    expect(mentions(found.body.items, early)).toBe(false);
    const csv = await exported(analyst, "csv", `?${query}`);
    expect([csv.text.includes(`www.${asset}`), csv.text.includes(early)]).toEqual([true, false]);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const unwatched = freshHost("not-watched");
    await reportHosts(as("SG"), "?tlp=green", [`mail.${asset}`, unwatched]);

    const has = (one: unknown) => (mentions(one, `mail.${asset}`) ? one : undefined);
    await live.waitFor("the event", () => live.events.find(has), 20_000);
    await events.waitFor("the event", (all) => (all.some(has) ? true : undefined), 20_000);
    await until(20_000, "the webhook", async () => receiver.received.map(({ json }) => json).find(has));
    expect(has((await waiting).body)).toBeDefined();
    const raised = await until(20_000, "the alert", async () => {
      const { body } = await analyst.get("/v1/alerts?state=raised");
      return body.items.length > 0 ? body.items : undefined;
    });
    expect(raised.every(({ rule: { id } }: any) => id === rule.body.id)).toBe(true);
    for (const told of [live.events, events.events, receiver.received.map(({ json }) => json)]) {
      expect(mentions(told, `www.${asset}`)).toBe(false);
      expect(mentions(told, early) || mentions(told, unwatched)).toBe(false);
    }
    // Others watch for other things.
    expect(await watchedLog("VN")).toEqual([]);
    live.close();
    events.close();
    await receiver.close();
  });

  test("is met by what lies in a network, below a domain, in a system, of a product, and by nothing else", async () => {
    const product = (name: string, version: string) => `cpe:2.3:o:maker:${name}:${version}:*:*:*:*:*:*:*`;
    await watch("TH", ["203.0.113.0/24", "AS64500", product("router_os", "*")]);
    const table = ["value", "203.0.113.77", "203.0.112.77", "AS64500", "AS64501", "http://203.0.113.9/x"];
    await as("SG").raw("/v1/submissions?tlp=green", `${table.join("\n")}\n`, { "content-type": "text/csv" });
    await postStix(as("SG"), "?tlp=green", JSON.parse(bundleOf(...systems())));
    await postStix(as("SG"), "?tlp=green", JSON.parse(bundleOf(...software(product, "1"))));
    await itemWith(as("TH"), "CVE-2027-100001");
    // The product is known by now, and not released again: what relates it to a new vulnerability tells.
    await postStix(as("SG"), "?tlp=green", JSON.parse(bundleOf(...software(product, "2"))));
    await itemWith(as("TH"), "relationship--00000000-0000-4000-8000-000000000022");
    const found = await watchedLog("TH");
    const said = JSON.stringify(found);
    const expected = ["203.0.113.77", "64500", "203.0.113.9", "198.51.100.7", product("router_os", "9")];
    for (const text of expected) expect(said, text).toContain(text);
    for (const text of ["203.0.112.77", "64501", "198.51.100.8", "router_os_light"])
      expect(said).not.toContain(text);
    const related = found
      .map(({ object }) => object.id)
      .filter((id: string) => id.startsWith("relationship"));
    expect(related).toEqual(
      expect.arrayContaining([
        "relationship--00000000-0000-4000-8000-000000000011",
        "relationship--00000000-0000-4000-8000-000000000021",
      ]),
    );
    expect(related).not.toContain("relationship--00000000-0000-4000-8000-000000000012");
    expect(related).not.toContain("relationship--00000000-0000-4000-8000-000000000022");
  });

  test("is the one word with an @, and a filter with another is refused", async () => {
    expect((await as("SG").get("/v1/log?values=@wacht")).body.code).toBe("bad-filter");
    const hook = { url: "https://hook.example/", filter: { values: ["@mine"] } };
    expect((await as("SG").post("/v1/webhooks", hook)).body.code).toBe("bad-filter");
  });

  test("is set, added to, taken from and listed by the command", async () => {
    const me = { url: platform.url, key: platform.key("ID") };
    const suar = async (...args: string[]) => {
      const ran = await suarCommand(me, ["watch", ...args]);
      expect(ran.code, ran.stderr).toBe(0);
      return JSON.parse(ran.stdout).values;
    };
    expect(await suar("set", "AS64510", "bank[.]example")).toEqual(["AS64510", "bank.example"]);
    expect(await suar("add", "198.51.100.0/24", "BANK.example")).toEqual([
      "AS64510",
      "bank.example",
      "198.51.100.0/24",
    ]);
    expect(await suar("remove", "as 64510")).toEqual(["bank.example", "198.51.100.0/24"]);
    expect(await suar("list")).toEqual(["bank.example", "198.51.100.0/24"]);
  });
});

const AT = { spec_version: "2.1", created: "2027-01-02T00:00:00.000Z", modified: "2027-01-02T00:00:00.000Z" };

/** Two addresses, each of a system; UUIDv5 of their numbers (STIX §2.9). */
function systems(): object[] {
  return [
    { number: 64500, last: 7 },
    { number: 64501, last: 8 },
  ].flatMap(({ number, last }) => [
    { type: "autonomous-system", spec_version: "2.1", id: SYSTEM_IDS[number], number },
    {
      type: "ipv4-addr",
      spec_version: "2.1",
      id: `ipv4-addr--00000000-0000-4000-8000-00000000000${last}`,
      value: `198.51.100.${last}`,
      belongs_to_refs: [SYSTEM_IDS[number]],
    },
  ]);
}

const SYSTEM_IDS: Record<number, string> = {
  "64500": "autonomous-system--0a5f7072-df00-5729-9f0a-4eb18631a446",
  "64501": "autonomous-system--80389234-9da5-5d61-bcae-011ff3a94378",
};

/** Two products, and a vulnerability of both. */
function software(product: (name: string, version: string) => string, turn: string): object[] {
  const vulnerability = `vulnerability--00000000-0000-4000-8000-0000000000${turn}0`;
  return [
    ...["router_os", "router_os_light"].flatMap((name, place) => {
      const id = `software--00000000-0000-4000-8000-00000000010${place + 1}`;
      return [
        { type: "software", spec_version: "2.1", id, name, cpe: product(name, "9") },
        {
          ...AT,
          type: "relationship",
          id: `relationship--00000000-0000-4000-8000-0000000000${turn}${place + 1}`,
          relationship_type: "has",
          source_ref: id,
          target_ref: vulnerability,
        },
      ];
    }),
    { ...AT, type: "vulnerability", id: vulnerability, name: `CVE-2027-10000${turn}` },
  ];
}
