import { describe, expect, test } from "vitest";
import {
  ALL,
  ask,
  CLOSED,
  EMPTY,
  ID,
  objects,
  post,
  serveEachTest,
  versionsOf,
  WRITE_ONLY,
} from "./protocol.ts";

serveEachTest();

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
