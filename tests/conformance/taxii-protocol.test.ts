import { describe, expect, test } from "vitest";
import { ALL, ask, CLOSED, EMPTY, ID, objects, post, serveEachTest, TAXII, WRITE_ONLY } from "./protocol.ts";

serveEachTest();

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
