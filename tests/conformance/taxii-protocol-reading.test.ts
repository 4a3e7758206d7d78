import { describe, expect, test } from "vitest";
import { ask, EMPTY, ID, IP, manifest, objects, serveEachTest, versionsOf } from "./protocol.ts";

serveEachTest();

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
