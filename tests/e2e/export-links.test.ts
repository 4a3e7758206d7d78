import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller } from "../support/api.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { addPerson, signInAs } from "../support/sessions.ts";
import { follow } from "./export-scene.ts";
import { freshHost, itemWith, reportHosts } from "./scene.ts";

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.remove();
});

describe("a link", () => {
  const make = async (by: Caller, more = {}): Promise<any> => {
    const { status, body, text } = await by.post("/v1/export-links", {
      name: "the firewall",
      format: "list-domain",
      ...more,
    });
    expect(status, text).toBe(201);
    return body;
  };
  const codeOf = async (url: string): Promise<unknown> => {
    const { status, body } = await follow(platform, url);
    return status === 200 ? 200 : body.code;
  };
  const keyOf = ({ url }: { url: string }): string => url.slice(url.lastIndexOf("/") + 1);

  test("opens its export, by its filter, without another key, and nothing else", async () => {
    const [host, other] = [freshHost("linked"), freshHost("linked-other")];
    await reportHosts(as("VN"), "?tlp=amber&to=ID", [host]);
    await reportHosts(as("SG"), "?tlp=amber&to=ID", [other]);
    await itemWith(as("ID"), host);
    await itemWith(as("ID"), other);
    const link = await make(as("ID", "subscriber"), { filter: { producers: ["VN"] }, days: 7 });
    expect(link).toMatchObject({
      name: "the firewall",
      format: "list-domain",
      lastUsedAt: null,
      revokedAt: null,
    });
    const read = await follow(platform, link.url);
    expect([read.status, read.text.includes(host), read.text.includes(other)]).toEqual([200, true, false]);
    const tag = read.headers.get("etag") ?? "";
    const again = await follow(platform, link.url, { "if-none-match": tag });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect((await follow(platform, `${link.url}?producers=SG`)).status).toBe(400);
    const listed = await as("ID").get("/v1/export-links");
    expect(listed.text).not.toContain(keyOf(link));
    expect(listed.body.items[0]).toMatchObject({ id: link.id, filter: { producers: ["VN"] } });
    expect(Date.parse(listed.body.items[0].lastUsedAt)).toBeGreaterThan(Date.now() - 60_000);
    const stolen = caller(platform.url, keyOf(link));
    for (const path of [
      "/v1/whoami",
      "/v1/log",
      "/v1/export/csv",
      "/v1/export-links",
      "/v1/keys",
      "/v1/inbox",
    ])
      expect((await stolen.get(path)).body.code, path).toBe("unauthenticated");
    expect((await as("ID", "officer").get("/v1/keys?limit=500")).text).not.toContain(link.id);
    // And no other key opens what a link does.
    expect(await codeOf(`${platform.url}/v1/linked-export/${platform.key("ID")}`)).toBe("not-found");
    expect(await codeOf(`${platform.url}/v1/linked-export/x`)).toBe("not-found");
  });

  test("ends at a word of its organisation, and of no other", async () => {
    const link = await make(as("ID"));
    for (const stranger of [as("CN"), as("CN", "officer")]) {
      expect((await stranger.send("DELETE", `/v1/export-links/${link.id}`)).status).toBe(404);
      expect((await stranger.post(`/v1/export-links/${link.id}/rotate`)).status).toBe(404);
      expect((await stranger.get("/v1/export-links")).text).not.toContain(link.id);
    }
    const renewed = await as("ID").post(`/v1/export-links/${link.id}/rotate`);
    expect([renewed.status, await codeOf(link.url), await codeOf(renewed.body.url)]).toEqual([201, 200, 200]);
    const { body } = await as("ID").get("/v1/export-links");
    const old = body.items.find(({ id }: any) => id === link.id);
    expect(Date.parse(old.expiresAt) - Date.now()).toBeLessThan(24 * 3600 * 1000 + 1);
    expect((await as("ID").send("DELETE", `/v1/export-links/${renewed.body.id}`)).body.revokedAt).toMatch(
      /Z$/,
    );
    expect([await codeOf(link.url), await codeOf(renewed.body.url)]).toEqual([200, "not-found"]);
    expect((await as("ID").post(`/v1/export-links/${renewed.body.id}/rotate`)).status).toBe(404);
  });

  test("is rotated once, by whoever is first, and neither once it has ended nor as one that was rotated", async () => {
    const link = await make(as("ID"));
    const rotate = async (id: string) => (await as("ID").post(`/v1/export-links/${id}/rotate`)).status;
    const answers = await Promise.all(Array.from({ length: 4 }, async () => await rotate(link.id)));
    expect(answers.sort()).toEqual([201, 404, 404, 404]);
    expect(await rotate(link.id)).toBe(404);
    expect(await codeOf(link.url)).toBe(200);
    const other = await make(as("ID"));
    const [deleted, rotated] = await Promise.all([
      as("ID").send("DELETE", `/v1/export-links/${other.id}`),
      rotate(other.id),
    ]);
    expect(deleted.status).toBe(200);
    expect([201, 404]).toContain(rotated);
    expect(await codeOf(other.url)).toBe("not-found");
  });

  test("is one of a hundred that are good and have no successor, however many are asked for at once", async () => {
    const officer = as("PH", "officer");
    const keyed = await officer.post("/v1/keys", { roles: ["subscriber"], label: "machine", days: 3 });
    const api = as("PH");
    const statusOf = async (by: Caller) =>
      (await by.post("/v1/export-links", { name: "one of many", format: "csv" })).status;
    const some = async (by: Caller, n: number) =>
      await Promise.all(Array.from({ length: n }, async () => await statusOf(by)));
    expect(new Set(await some(caller(platform.url, keyed.body.key), 3))).toEqual(new Set([201]));
    for (let made = 3; made < 95; made += 4)
      expect(new Set(await some(api, Math.min(4, 95 - made)))).toEqual(new Set([201]));
    expect((await some(api, 8)).sort()).toEqual([201, 201, 201, 201, 201, 429, 429, 429]);
    const { body } = await api.get("/v1/export-links?limit=1");
    expect((await api.post(`/v1/export-links/${body.items[0].id}/rotate`)).status).toBe(201);
    expect(await statusOf(api)).toBe(429);
    // The three of the key end with it, and are counted no more.
    await officer.send("DELETE", `/v1/keys/${keyed.body.id}`);
    expect((await some(api, 4)).sort()).toEqual([201, 201, 201, 429]);
  });

  test("ends with the key it was made with, with its person, and with its agency", async () => {
    const officer = as("MY", "officer");
    const keyed = await officer.post("/v1/keys", { roles: ["subscriber"], label: "firewall", days: 3 });
    const byKey = await make(caller(platform.url, keyed.body.key));
    expect(byKey.expiresAt).toBe(keyed.body.expiresAt);
    const person = await addPerson(officer, "Analyst");
    const session = await signInAs(officer, person, (key) => caller(platform.url, key));
    const byPerson = await make(session.api);
    expect(byPerson.madeBy).toBe(`person:${person}`);
    const code = `firm-${Date.now() % 100_000}`;
    await officer.post("/v1/agencies", { code, name: "A firm", sector: "energy" });
    const agency = await officer.post("/v1/keys", {
      organisation: `MY:${code}`,
      roles: ["subscriber"],
      label: "x",
    });
    const byAgency = await make(caller(platform.url, agency.body.key));
    const all = [byKey, byPerson, byAgency];
    const codes = async () => await Promise.all(all.map(({ url }) => codeOf(url)));
    expect(await codes()).toEqual([200, 200, 200]);
    // Who signs out goes on having the link.
    expect((await session.api.send("DELETE", `/v1/keys/${session.key.split("_")[1]}`)).status).toBe(200);
    expect(await codes()).toEqual([200, 200, 200]);
    await officer.send("DELETE", `/v1/keys/${keyed.body.id}`);
    expect(await codes()).toEqual(["not-found", 200, 200]);
    await officer.send("DELETE", `/v1/people/${person}`);
    expect(await codes()).toEqual(["not-found", "not-found", 200]);
    await officer.send("DELETE", `/v1/agencies/MY:${code}`);
    expect(await codes()).toEqual(["not-found", "not-found", "not-found"]);
  });

  test("does not come back with a member that is taken back, and is none in a drill", async () => {
    const officer = as("BN", "officer");
    const session = await signInAs(officer, await addPerson(officer, "Analyst"), (key) =>
      caller(platform.url, key),
    );
    const link = await make(session.api);
    const operator = caller(platform.url, platform.operator);
    await operator.send("DELETE", "/v1/members/BN");
    expect(await codeOf(link.url)).toBe("not-found");
    await operator.post("/v1/members/BN/restore");
    expect(await codeOf(link.url)).toBe("not-found");
    expect((await operator.post("/v1/export-links", { name: "x", format: "csv" })).status).toBe(403);
  });

  test("and its key stand in no log", () => {
    expect(platform.log()).not.toMatch(/linked-export\/suar_/);
  });
});
