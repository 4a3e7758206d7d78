import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Caller, caller, submitAndWait, until } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { exported, postStix } from "./export-scene.ts";
import { indicatorOf } from "./indicator-of.ts";
import { freshHost, itemWith } from "./scene.ts";

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));
const operator = (): Caller => caller(platform.url, platform.operator);

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform?.remove();
});

const hostList = (name: string, list: string[], version = 1) => ({ name, version, type: "hostname", list });
const load = async (by: Caller, list: object, source = ""): Promise<Answer> =>
  await by.post(`/v1/warning-lists${source}`, list);

async function loaded(by: Caller, list: object): Promise<{ id: string }> {
  const { status, text, body } = await load(by, list);
  expect(status, text).toBe(201);
  return body.list;
}

async function dryRun(by: Caller, text: string): Promise<any> {
  const { body } = await by.raw("/v1/submissions?tlp=green&dryRun=true&format=csv", `value\n${text}\n`, {
    "content-type": "text/csv",
  });
  return body;
}

/** Blocked domains of an export, and what it says of lists. */
async function blocked(by: Caller): Promise<{ domains: string[]; told: string[] }> {
  const { status, text } = await exported(by, "list-domain");
  expect(status, text).toBe(200);
  const lines = text.split("\n").filter((line) => line !== "");
  return {
    domains: lines.filter((line) => !line.startsWith("#")),
    told: lines.filter((line) => line.startsWith("#")),
  };
}

describe("a list of the operator's", () => {
  test("is told by a dry run, marks what is submitted, and drops nothing of it", async () => {
    const host = freshHost("warned");
    const list = hostList(`Sites of ${host}`, [host]);
    await loaded(operator(), list);
    const hit = { list: list.name, version: 1 };
    const dry = await dryRun(as("SG"), host);
    expect(dry.records).toMatchObject([{ outcome: "accepted", onLists: [hit] }]);
    expect(dry.warnings).toMatchObject([{ code: "on-warning-list", objectsInAll: 1 }]);
    const { body } = await submitAndWait(as("SG"), "?tlp=green&format=csv", `value\n${host}\n`, "text/csv");
    expect(body.counts).toMatchObject({ accepted: 1, rejected: 0 });
    expect(body.records).toMatchObject([{ outcome: "accepted", onLists: [hit] }]);
    const item = await itemWith(as("MY"), host);
    expect(item.object).toMatchObject({ name: host, labels: [`suar:warning-list="${list.name}"`] });
    expect((await blocked(as("MY"))).domains).not.toContain(host);
    expect((await exported(as("MY"), "csv")).text).toContain(host);
  });

  test("changes nothing that its producer said, and says nothing twice", async () => {
    const host = freshHost("warned-own");
    await loaded(operator(), hostList(`Sites of ${host}`, [host]));
    const object = indicatorOf(host, { labels: ["theirs"], description: "as they wrote it" });
    await postStix(as("SG"), "?tlp=green", object);
    const { object: released } = (await itemWith(as("MY"), host)) as { object: Record<string, unknown> };
    const { labels, object_marking_refs: _marking, ...rest } = released;
    expect(labels).toEqual(["theirs", `suar:warning-list="Sites of ${host}"`]);
    expect(object).toMatchObject({ ...rest, labels: ["theirs"] });
    const again = await submitAndWait(
      as("SG"),
      "?tlp=green&format=stix",
      JSON.stringify(object),
      "application/json",
    );
    expect(again.body.counts).toMatchObject({ unchanged: 1 });
  });

  test("counts from the moment that it is loaded, for what was released before, until it is removed", async () => {
    const host = freshHost("warned-later");
    await postStix(as("SG"), "?tlp=green", indicatorOf(host));
    await itemWith(as("MY"), host);
    expect((await blocked(as("MY"))).domains).toContain(host);
    const tag = (await exported(as("MY"), "list-domain")).headers.get("etag") ?? "";
    const list = await loaded(operator(), hostList(`Later sites of ${host}`, [host]));
    const { domains, told } = await blocked(as("MY"));
    expect(domains).not.toContain(host);
    expect(told).toContain(`#   1 on Later sites of ${host}`);
    expect((await exported(as("MY"), "list-domain", "", { "if-none-match": tag })).status).toBe(200);
    expect((await operator().send("DELETE", `/v1/warning-lists/${list.id}`)).status).toBe(200);
    expect((await blocked(as("MY"))).domains).toContain(host);
    expect((await operator().send("DELETE", `/v1/warning-lists/${list.id}`)).status).toBe(404);
  });

  test("is replaced by a newer version, by no older one, and by nothing that says otherwise under the same", async () => {
    const name = freshHost("versions");
    const first = await load(operator(), hostList(name, ["a.example"], 3), "?source=lists%2Fa.json");
    expect(first.body).toMatchObject({
      outcome: "loaded",
      replaced: null,
      list: { source: "lists/a.json", version: 3 },
    });
    const same = await load(operator(), hostList(name, ["a.example"], 3));
    expect(same.body).toMatchObject({ outcome: "unchanged", list: { id: first.body.list.id } });
    for (const change of [
      hostList(name, ["b.example"], 3),
      hostList(name, ["b.example"], 2),
      { ...hostList(name, ["a.example"], 3), type: "string" },
    ])
      expect((await load(operator(), change)).body.code).toBe("conflict");
    const next = await load(operator(), hostList(name, ["b.example"], 4));
    expect(next.body).toMatchObject({ outcome: "loaded", replaced: 3 });
    const { body } = await as("MY").get("/v1/warning-lists");
    expect(body.items.filter((one: any) => one.name === name)).toMatchObject([
      { version: 4, of: "platform" },
    ]);
    expect((await as("MY").get(`/v1/warning-lists/${next.body.list.id}`)).body.list).toEqual(["b.example"]);
    expect((await as("MY").get(`/v1/warning-lists/${first.body.list.id}`)).status).toBe(404);
  });

  test("is taken whole or not at all", async () => {
    const name = freshHost("whole");
    const { status, body } = await load(operator(), {
      name,
      version: 1,
      type: "cidr",
      list: ["198.51.100.0/24", "nowhere", "0.0.0.0/0"],
    });
    expect([status, body.code]).toEqual([422, "bad-list"]);
    expect(body.errors.map((one: any) => one.path)).toEqual(["/list/1", "/list/2"]);
    const all = await as("MY").get("/v1/warning-lists");
    expect(all.text).not.toContain(name);
  });

  test("that somebody else wrote into the database, or changed there, is none, and its operator is told", async () => {
    const host = freshHost("forged");
    const list = await loaded(operator(), hostList(`Sites of ${host}`, [host]));
    const tried = async () => (await as("MY").get(`/v1/warning-lists/hits?value=${host}`)).body.hits.length;
    expect(await tried()).toBe(1);
    const owner = await connectAs(platform.dataDir, "postgres");
    try {
      await owner.query("UPDATE core.warning_list SET name = 'Another' WHERE id = $1", [list.id]);
      expect(await tried()).toBe(0);
      const ready = await caller(platform.url, undefined).get("/readyz");
      expect(ready.text).toContain("warning-lists");
      await owner.query("UPDATE core.warning_list SET name = $2 WHERE id = $1", [
        list.id,
        `Sites of ${host}`,
      ]);
      expect(await tried()).toBe(1);
    } finally {
      await owner.end();
    }
  });
});

describe("a list that was changed in the database", () => {
  const shown = async (id: string) => {
    const { body } = await as("MY").get("/v1/warning-lists");
    const detail = await as("MY").get(`/v1/warning-lists/${id}`);
    return [body.items.some((one: any) => one.id === id), detail.status];
  };
  const ready = async () => (await caller(platform.url, undefined).get("/readyz")).text;

  test.each([
    ["what it says", "description = 'Another'"],
    ["its entries, which are no deflated text", "content = '\\x00ff'::bytea"],
  ])("in %s is not shown, and gives way to the same version", async (_what, change) => {
    const host = freshHost("forged-shown");
    const list = hostList(`Sites of ${host}`, [host]);
    const { id } = await loaded(operator(), list);
    expect(await shown(id)).toEqual([true, 200]);
    const owner = await connectAs(platform.dataDir, "postgres");
    try {
      await owner.query(`UPDATE core.warning_list SET ${change} WHERE id = $1`, [id]);
    } finally {
      await owner.end();
    }
    expect((await as("MY").get(`/v1/warning-lists/${id}`)).status).toBe(404);
    expect((await dryRun(as("SG"), host)).dryRun).toBe(true);
    const again = await load(operator(), list);
    expect(again.body, again.text).toMatchObject({ outcome: "loaded", replaced: null });
    expect(await shown(again.body.list.id)).toEqual([true, 200]);
    expect(await shown(id)).toEqual([false, 404]);
    expect(await ready()).not.toContain(id);
  });

  test("is told of by no listing, and by /readyz until it is removed", async () => {
    const { id } = await loaded(operator(), hostList(freshHost("forged-listed"), ["a.example"]));
    const owner = await connectAs(platform.dataDir, "postgres");
    try {
      await owner.query("UPDATE core.warning_list SET description = 'Another' WHERE id = $1", [id]);
    } finally {
      await owner.end();
    }
    expect(await shown(id)).toEqual([false, 404]);
    expect(await ready()).toContain(id);
    expect((await operator().send("DELETE", `/v1/warning-lists/${id}`)).status).toBe(200);
    expect(await shown(id)).toEqual([false, 404]);
    expect(await ready()).not.toContain(id);
  });
});

describe("a list of an organisation's own", () => {
  test("counts for it alone, and no release names it", async () => {
    const host = freshHost("own-list");
    const list = hostList(`Own sites of ${host}`, [host]);
    const { id } = await loaded(as("SG", "officer"), list);
    const { body } = await submitAndWait(as("SG"), "?tlp=green&format=csv", `value\n${host}\n`, "text/csv");
    expect(body.records).toMatchObject([{ onLists: [{ list: list.name }] }]);
    const item = await itemWith(as("MY"), host);
    expect(JSON.stringify(item)).not.toContain("warning-list");
    await itemWith(as("SG"), host);
    expect((await blocked(as("SG"))).domains).not.toContain(host);
    expect((await blocked(as("MY"))).domains).toContain(host);
    for (const by of [as("MY"), operator(), caller(platform.url, platform.key("MY", "officer"))]) {
      expect((await by.get("/v1/warning-lists")).text).not.toContain(host);
      expect((await by.get(`/v1/warning-lists/${id}`)).status).toBe(404);
      expect((await by.get(`/v1/warning-lists/hits?value=${host}`)).body.hits).toEqual([]);
    }
    expect((await as("MY", "officer").send("DELETE", `/v1/warning-lists/${id}`)).status).toBe(404);
    expect((await operator().send("DELETE", `/v1/warning-lists/${id}`)).status).toBe(404);
  });

  test("is none of a drill's, whose coordinator has the keys of all who play", async () => {
    const host = freshHost("own-in-drill");
    await loaded(as("MY", "officer"), hostList(`Own sites of ${host}`, [host]));
    const made = await as("MY", "coordinator").post("/v1/drills", { scenario: QUIET_DRILL });
    expect(made.status, made.text).toBe(201);
    const player = caller(platform.url, made.body.keys.MY.analyst);
    expect((await player.get("/v1/warning-lists")).text).not.toContain(host);
    expect((await player.get(`/v1/warning-lists/hits?value=${host}`)).body.hits).toEqual([]);
    const dry = await until(20_000, "the drill", async () => {
      const answer = await dryRun(player, host);
      return answer.dryRun === true ? answer : undefined;
    });
    expect(JSON.stringify(dry)).not.toContain("Own sites");
  });
});

describe("what is built in", () => {
  test.each([
    ["8.8.8.8", "Suar: public resolvers and root servers"],
    ["192[.]168.1.1", "Suar: special-purpose addresses (RFC 6890)"],
    ["printer.local", "Suar: reserved names (RFC 2606, RFC 6761, RFC 6762)"],
    ["gov.sg", "Suar: public suffixes"],
    ["198.51.0.0/15", "Suar: networks wider than anybody means"],
  ])("holds %s", async (value, list) => {
    const path = `/v1/warning-lists/hits?value=${encodeURIComponent(value)}`;
    expect((await as("MY").get(path)).body.hits).toEqual([{ list, version: 1 }]);
    const { records } = await dryRun(as("SG"), value);
    expect(records).toMatchObject([{ outcome: "accepted", onLists: [{ list, version: 1 }] }]);
  });

  test("members' own domains, as the members say", async () => {
    const [domain, below] = ["cert-of-lao.example", "www.cert-of-lao.example"];
    const set = await as("LA", "officer").send("PUT", "/v1/members/LA/domains", {
      domains: [domain.toUpperCase(), domain],
    });
    expect(set.body).toEqual({ code: "LA", domains: [domain] });
    await postStix(as("SG"), "?tlp=green", indicatorOf(below));
    const item = await itemWith(as("MY"), below);
    expect(item.object).toMatchObject({ labels: [`suar:warning-list="Suar: members' own domains"`] });
    expect((await blocked(as("MY"))).domains).not.toContain(below);
    expect((await as("MY").get("/v1/warning-lists/members-domains")).body.list).toEqual([domain]);
    await operator().send("PUT", "/v1/members/LA/domains", { domains: [] });
    expect((await blocked(as("MY"))).domains).toContain(below);
  });
});

describe("lists of expressions", () => {
  test("are few: each is gone through for every value that anybody submits", async () => {
    const officer = as("PH", "officer");
    const list = (name: string) => ({ name, version: 1, type: "regex", list: ["^never-[0-9]{9}$"] });
    const ids = [await loaded(officer, list("one")), await loaded(officer, list("two"))].map(({ id }) => id);
    const { status, body } = await load(officer, list("three"));
    expect([status, body.code]).toEqual([429, "quota-exceeded"]);
    expect((await load(officer, { ...list("two"), version: 2 })).status).toBe(201);
    expect((await load(officer, hostList("hosts", ["never.example"]))).status).toBe(201);
    await officer.send("DELETE", `/v1/warning-lists/${ids[0]}`);
    expect((await load(officer, list("three"))).status).toBe(201);
  });
});
