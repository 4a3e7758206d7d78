import { readFileSync } from "node:fs";
import { Fixture } from "@suar/taxii";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FixtureServer, serveFixture } from "./serve-fixture.ts";

/** TAXII 2.1 by its own text: a test for each rule, named by its section. */
const FIXTURE = readFileSync(new URL("fixture.example.json", import.meta.url), "utf8");
const TAXII = "application/taxii+json;version=2.1";
const [ALL, EMPTY, WRITE_ONLY, CLOSED] = [1, 2, 3, 4].map((n) => `472c94ae-3113-4e3e-a4dd-a9f4ac74715${n}`);
const ID = (n: number): string => `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const IP = "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4";

let server: FixtureServer;
beforeEach(async () => {
  server = await serveFixture(Fixture.parse(JSON.parse(FIXTURE)), { port: 0, users: ["tester:word"] });
});
afterEach(async () => await server.close());

type Told = { status: number; body: any; headers: Headers; text: string };
type Ask = { method?: string; headers?: Record<string, string>; body?: string };

async function ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Told> {
  const authorization = `Basic ${Buffer.from("tester:word").toString("base64")}`;
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { accept: TAXII, authorization, ...headers },
    redirect: "manual",
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

const objects = (query = "", collection = ALL): string => `/api1/collections/${collection}/objects/${query}`;
const manifest = (query = ""): string => `/api1/collections/${ALL}/manifest/${query}`;
const versionsOf = ({ body }: Told): string[] =>
  (body.objects ?? []).map(({ id, modified }: any) => `${id.slice(-2)} ${modified?.slice(8, 10) ?? "-"}`);
const post = async (body: unknown, more: Record<string, string> = {}, collection = ALL): Promise<Told> =>
  await ask(objects("", collection), {
    method: "POST",
    headers: { "content-type": TAXII, ...more },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("3.1 media types", () => {
  test.each([
    TAXII,
    "application/taxii+json",
    "*/*",
    "application/json, application/taxii+json; version=2.1",
  ])("Accept: %s is answered with the exact type", async (accept) => {
    const { status, headers } = await ask("/taxii2/", { headers: { accept } });
    expect([status, headers.get("content-type")]).toEqual([200, TAXII]);
  });
  test.each(["application/json", "application/taxii+json;version=2.0", "text/html"])(
    "Accept: %s is 406",
    async (accept) => {
      const { status, headers, body } = await ask("/taxii2/", { headers: { accept } });
      expect([status, headers.get("content-type"), body.http_status]).toEqual([406, TAXII, "406"]);
    },
  );
  test.each([TAXII, "application/taxii+json", 'application/taxii+json; version="2.1"'])(
    "Content-Type: %s is taken",
    async (type) => {
      expect(
        (
          await post(
            { objects: [{ type: "x-a", id: ID(9).replace("indicator", "x-a") }] },
            { "content-type": type },
          )
        ).status,
      ).toBe(202);
    },
  );
  test.each(["application/json", "application/taxii+json;version=2.0", "*/*", "text/plain"])(
    "Content-Type: %s is 415",
    async (type) => {
      expect((await post({ objects: [{}] }, { "content-type": type })).status).toBe(415);
    },
  );
});

describe("3.6 errors, 1.6.9 authentication", () => {
  test("who does not show who it is gets 401 with a challenge, whatever it asks for", async () => {
    for (const path of ["/taxii2/", "/api1/", objects(), "/nowhere/"]) {
      const { status, headers, body } = await ask(path, { headers: { authorization: "Basic d3Jvbmc6b25l" } });
      expect([status, body.http_status, typeof body.title]).toEqual([401, "401", "string"]);
      expect(headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    }
  });
  test.each([
    ["/api9/", 404],
    ["/taxii2/x/", 404],
    ["/api1/status/2d086da7-4bdc-4f91-900e-d77486753799/", 404],
    [`/api1/collections/${ALL?.replace("4", "5")}/`, 404],
    [`/api1/collections/${ALL}/nothing/`, 404],
    [`/api1/collections/${ALL}/objects/${ID(99)}/`, 404],
    [`/api1/collections/${ALL}/objects/${ID(99)}/versions/`, 404],
    [objects("", WRITE_ONLY), 403],
    [objects("", CLOSED), 403],
    [objects("?limit=0"), 400],
    [objects("?limit=-1"), 400],
    [objects("?limit=x"), 400],
    [objects("?added_after=yesterday"), 400],
    [objects("?added_after=2024-02-30T00:00:00Z"), 400],
    [objects("?added_after=2024-02-03T00:00:00Z&added_after=2024-02-03T00:00:00Z"), 400],
    [objects("?match[version]=newest"), 400],
    [objects("?match[version]=all,last"), 400],
    [objects("?match[id]=x"), 400],
    [objects("?match[type]="), 400],
    [objects("?match[spec_version]=two"), 400],
    [objects("?match[colour]=red"), 400],
    [objects("?next=!!"), 400],
    [objects("?match[version]=first,first"), 400],
    [objects("?match[version]=2024-01-02T00:00:00Z,2024-01-02T00:00:00Z"), 400],
    [`/api1/collections/${ALL}/manifest/${ID(1)}/`, 404],
    ["/api1/nothing", 404],
    [`/api1/collections/${ALL}/objects/${ID(1)}/?match[id]=${ID(1)}`, 400],
  ])("GET %s is %i, with a title and its status as a string", async (path, expected) => {
    const { status, body, headers } = await ask(path);
    expect([status, body.http_status, headers.get("content-type")]).toEqual([
      expected,
      String(expected),
      TAXII,
    ]);
    expect(body.title).toMatch(/\S/);
  });
  test("a method that a resource has not is 405 and says which it has", async () => {
    const { status, headers } = await ask("/api1/", { method: "DELETE" });
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
  });
});

describe("4 discovery, API root, status; 5.1 collections", () => {
  test("are what they are, custom properties too", async () => {
    expect((await ask("/taxii2/")).body).toMatchObject({
      title: "Example",
      default: "/api1/",
      api_roots: ["/api1/", "/api2/"],
    });
    expect((await ask("/api1/")).body).toMatchObject({
      title: "One",
      versions: [TAXII],
      max_content_length: 4000,
    });
    const status = await ask("/api1/status/2d086da7-4bdc-4f91-900e-d77486753710/");
    expect(status.body).toMatchObject({ status: "pending", total_count: 1, pending_count: 1 });
  });
  test("come in a stable order, by id and by alias, and none is an empty object", async () => {
    const { body } = await ask("/api1/collections/");
    expect(body.collections.map(({ id }: any) => id)).toEqual([ALL, EMPTY, WRITE_ONLY, CLOSED]);
    expect(body.collections[0].contents).toBeUndefined();
    expect((await ask("/api1/collections/all/")).body).toEqual(body.collections[0]);
    expect((await ask("/api2/collections/")).text).toBe("{}");
  });
});

describe("3.4, 3.5 reading", () => {
  test("gives the latest version of each object, oldest addition first", async () => {
    const told = await ask(objects());
    expect(versionsOf(told)).toEqual(["03 01", "02 03", "01 03", "c4 -"]);
    expect([told.body.more, told.body.next]).toEqual([false, undefined]);
  });
  test("says the first and the last date with six decimals, also when nothing is found", async () => {
    for (const path of [objects(), manifest(), `/api1/collections/all/objects/${IP}/versions/`]) {
      const { headers } = await ask(path);
      for (const name of ["x-taxii-date-added-first", "x-taxii-date-added-last"])
        expect(headers.get(name)).toMatch(/^2024-02-0\dT00:00:00\.\d{6}Z$/);
    }
    const none = await ask(objects("?added_after=2024-02-05T00:00:00Z"));
    expect([none.text, none.headers.get("x-taxii-date-added-last")]).toEqual([
      "{}",
      "2024-02-05T00:00:00.000000Z",
    ]);
    const empty = await ask(objects("", EMPTY));
    expect([empty.text, empty.headers.get("x-taxii-date-added-first")]).toEqual([
      "{}",
      "1970-01-01T00:00:00.000000Z",
    ]);
  });
  test.each([
    ["?match[version]=all", ["01 01", "01 02", "03 01", "02 03", "01 03", "c4 -"]],
    ["?match[version]=first", ["01 01", "03 01", "02 03", "c4 -"]],
    ["?match[version]=first,last", ["01 01", "03 01", "02 03", "01 03", "c4 -"]],
    ["?match[version]=2024-01-02T00:00:00Z", ["01 02"]],
    ["?match[version]=2024-01-02T00:00:00.000000Z,last", ["01 02", "03 01", "02 03", "01 03", "c4 -"]],
    ["?match[spec_version]=2.0", ["02 01"]],
    [
      "?match[spec_version]=2.0,2.1&match[version]=all",
      ["01 01", "02 01", "01 02", "03 01", "02 03", "01 03", "c4 -"],
    ],
    [`?match[id]=${ID(1)},${ID(3)}`, ["03 01", "01 03"]],
    ["?match[type]=ipv4-addr", ["c4 -"]],
    [`?match[type]=indicator&match[id]=${IP}`, []],
    ["?added_after=2024-02-03T00:00:00.000001Z", ["01 03", "c4 -"]],
    ["?added_after=2024-02-03T00:00:00Z", ["03 01", "02 03", "01 03", "c4 -"]],
    ["?limit=100000000000000000000", ["03 01", "02 03", "01 03", "c4 -"]],
  ])("%s", async (query, expected) => {
    expect(versionsOf(await ask(objects(query)))).toEqual(expected);
  });
  test.each([1, 2, 3, 7])(
    "by pages of %i finds everything once, equal dates too, and `more` has `next`",
    async (limit) => {
      const found: string[] = [];
      for (let next = ""; ; ) {
        const told = await ask(
          objects(`?match[version]=all&match[spec_version]=2.0,2.1&limit=${limit}${next}`),
        );
        expect(told.status).toBe(200);
        found.push(...versionsOf(told));
        if (told.body.more !== true) break;
        next = `&next=${encodeURIComponent(told.body.next)}`;
      }
      expect(found).toEqual(["01 01", "02 01", "01 02", "03 01", "02 03", "01 03", "c4 -"]);
    },
  );
  test("5.3 a manifest says id, date, version and media type, and pages as objects do", async () => {
    const { body } = await ask(manifest("?limit=2"));
    expect(body.objects).toEqual([
      {
        id: ID(3),
        date_added: "2024-02-03T00:00:00.000001Z",
        version: "2024-01-01T00:00:00.000Z",
        media_type: "application/stix+json;version=2.1",
      },
      {
        id: ID(2),
        date_added: "2024-02-03T00:00:00.000001Z",
        version: "2024-01-03T00:00:00.000Z",
        media_type: "application/stix+json;version=2.1",
      },
    ]);
    expect(versionsOf(await ask(objects(`?next=${body.next}`)))).toEqual(["01 03", "c4 -"]);
  });
  test("3.5 who goes on with other filters is told so, and would have missed objects", async () => {
    const { body } = await ask(objects("?match[version]=all&limit=2"));
    expect((await ask(objects(`?match[version]=all&limit=3&next=${body.next}`))).status).toBe(200);
    expect((await ask(objects(`?match[version]=first&limit=2&next=${body.next}`))).status).toBe(400);
  });
  test("3.1 a path without its slash leads to the one with it, filters too", async () => {
    const { status, headers, body } = await ask(
      "/api1/collections/all/objects?match[type]=indicator&limit=1",
    );
    expect([status, body.http_status]).toEqual([308, "308"]);
    const location = headers.get("location") ?? "";
    expect(location).toMatch(/^\/api1\/collections\/all\/objects\/\?/);
    expect((await ask(location)).body.objects).toHaveLength(1);
    expect((await ask("/taxii2")).headers.get("location")).toBe("/taxii2/");
    expect((await ask("/api1")).headers.get("location")).toBe("/api1/");
    const odd = "/api1/collections/a%3Fb%23%25%20c";
    expect((await ask(odd)).headers.get("location")).toBe(`${odd}/`);
  });
  test("5.6, 5.8 one object, and its versions", async () => {
    const one = `/api1/collections/all/objects/${ID(1)}/`;
    expect(versionsOf(await ask(one))).toEqual(["01 03"]);
    expect(versionsOf(await ask(`${one}?match[version]=all`))).toEqual(["01 01", "01 02", "01 03"]);
    expect((await ask(`${one}versions/`)).body).toEqual({
      versions: ["2024-01-01T00:00:00.000Z", "2024-01-02T00:00:00.000Z", "2024-01-03T00:00:00.000Z"],
      more: false,
    });
    expect((await ask(`${one}versions/?match[spec_version]=2.0`)).text).toBe("{}");
  });
  test("a body goes through as it is", async () => {
    const { body } = await ask(`/api1/collections/all/objects/${ID(1)}/`);
    expect(body.objects[0].x_text).toBe("\u2603 untouched  1.0");
  });
});

describe("5.5 adding, 5.7 deleting", () => {
  const added = {
    type: "malware",
    spec_version: "2.1",
    id: `malware--00000000-0000-4000-8000-000000000001`,
    created: "2024-01-01T00:00:00.000Z",
    modified: "2024-01-01T00:00:00.000Z",
    is_family: false,
  };

  test("answers 202 with a status that is there afterwards; the same again is no error", async () => {
    const { status, body } = await post({ objects: [added, { type: "malware", id: "x" }] });
    expect([status, body.status, body.total_count, body.success_count, body.failure_count]).toEqual([
      202,
      "complete",
      2,
      1,
      1,
    ]);
    expect(body.request_timestamp).toMatch(/\.\d{6}Z$/);
    expect((await ask(`/api1/status/${body.id}/`)).body).toEqual(body);
    expect((await post({ objects: [added] })).body).toMatchObject({ success_count: 1, failure_count: 0 });
    expect((await ask(objects(`?match[id]=${added.id}&match[version]=all`))).body.objects).toEqual([added]);
  });
  test.each([
    ["not JSON", "{", 422],
    ["not UTF-8 text", '"\ud800"', 422],
    ["no envelope", "[]", 422],
    ["an empty envelope", "{}", 422],
    ["an empty list", '{"objects":[]}', 422],
    ["a bundle", JSON.stringify({ type: "bundle", objects: [added] }), 422],
    ["something else than objects", '{"objects":[1]}', 422],
    ["too much", JSON.stringify({ objects: [{ ...added, description: "x".repeat(5_000) }] }), 413],
  ])("refuses %s", async (_what, body, expected) => {
    const told = await post(body);
    expect([told.status, told.body.http_status]).toEqual([expected, String(expected)]);
    if (expected === 413) expect(told.body.details).toEqual({ max_content_length: "4000" });
  });
  test("knows versions of STIX by what objects say, and ids of any version", async () => {
    const id = "malware--b81f86b9-975b-bb0b-775e-810c5bd45b4f";
    const older = { ...added, id, spec_version: "2.0", modified: "2025-01-01T00:00:00.000Z" };
    expect((await post({ objects: [{ ...added, id }, older] })).body.success_count).toBe(2);
    const found = await ask(objects(`?match[id]=${id}&match[spec_version]=2.0`));
    expect(found.body.objects).toEqual([older]);
    expect((await ask(`/api1/collections/all/objects/${id}/`)).body.objects).toEqual([{ ...added, id }]);
  });
  test("needs the right to write, and to delete that to read as well", async () => {
    expect((await post({ objects: [added] }, {}, EMPTY)).status).toBe(403);
    expect((await post({ objects: [added] }, {}, WRITE_ONLY)).status).toBe(202);
    const remove = async (collection = ALL): Promise<number> =>
      (await ask(`/api1/collections/${collection}/objects/${ID(1)}/`, { method: "DELETE" })).status;
    expect([await remove(EMPTY), await remove(WRITE_ONLY), await remove(CLOSED)]).toEqual([403, 403, 404]);
  });
  test("deletes all versions, or those that are named, and they are gone", async () => {
    const one = `/api1/collections/all/objects/${ID(1)}/`;
    const first = await ask(`${one}?match[version]=first`, { method: "DELETE" });
    expect([first.status, first.text]).toEqual([200, ""]);
    expect(versionsOf(await ask(`${one}?match[version]=all`))).toEqual(["01 02", "01 03"]);
    // Deleted is not found (5.7); what never was is nothing (5.6).
    expect((await ask(`${one}?match[version]=2024-01-01T00:00:00Z`)).status).toBe(404);
    expect((await ask(`${one}?match[version]=2023-01-01T00:00:00Z`)).text).toBe("{}");
    expect((await ask(one, { method: "DELETE" })).status).toBe(200);
    expect((await ask(one)).status).toBe(404);
    expect((await ask(one, { method: "DELETE" })).status).toBe(404);
  });
});
