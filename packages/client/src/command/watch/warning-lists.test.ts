import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  answers,
  closeFixture,
  folder,
  id,
  openFixture,
  problem,
  suar,
} from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const PATH = "/v1/warning-lists";
const head = {
  ...{ id, name: "Sites", version: 2, description: "", type: "hostname", attributes: [], entries: 2 },
  ...{
    of: "platform",
    source: "a.json",
    sha256: "00",
    loadedBy: "operator",
    loadedAt: "2027-01-01T00:00:00Z",
  },
};
const notes = [{ path: "/list/1", code: "wide", message: "All names below com" }];

/** Takes what says that it is good, and remembers what came from where. */
function takeGood(): Map<string | null, string> {
  const came = new Map<string | null, string>();
  answers[`POST ${PATH}`] = (body, url) => {
    came.set(url.searchParams.get("source"), body);
    if (!body.includes("good")) {
      const errors = [{ path: "/list/7", code: "bad-entry", message: "No name of a host" }];
      const refused = problem(422, "bad-list");
      return { ...refused, body: { ...refused.body, errors } };
    }
    return { status: 201, body: { outcome: "loaded", replaced: 1, list: head, notes, notesInAll: 3 } };
  };
  return came;
}

test("loads the lists of a folder, one by one, and says which were refused", async () => {
  const came = takeGood();
  for (const name of ["a", "b"]) mkdirSync(join(folder, "lists", name), { recursive: true });
  writeFileSync(join(folder, "lists/a/list.json"), '"good"');
  writeFileSync(join(folder, "lists/b/list.json"), '"bad"');
  writeFileSync(join(folder, "lists/README.md"), "no list");
  const { code, stdout } = await suar(["warninglists", "load", "lists"]);
  expect(code).not.toBe(0);
  expect([...came]).toEqual([
    [join("a", "list.json"), '"good"'],
    [join("b", "list.json"), '"bad"'],
  ]);
  expect(stdout).toContain("loaded Sites version 2 instead of version 1, 2 entries");
  expect(stdout).toContain("/list/1: All names below com");
  expect(stdout).toContain("and 2 more");
  expect(stdout).toMatch(/refused, .*first: \/list\/7 No name of a host/);
});

test("loads a list from an address, and tells of one that has none", async () => {
  const came = takeGood();
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/list.json" ? 200 : 404).end('"good"');
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect((await suar(["warninglists", "load", `${base}/list.json`])).code).toBe(0);
    expect([...came]).toEqual([[`${base}/list.json`, '"good"']]);
    const gone = await suar(["warninglists", "load", `${base}/gone.json`]);
    expect(gone.code).not.toBe(0);
    expect(gone.stderr).toContain("answers 404");
  } finally {
    server.close();
  }
});

test("shows all pages of a list, in the form in which it is loaded", async () => {
  answers[`GET ${PATH}/${id}`] = (_body, url) => ({
    status: 200,
    body: url.searchParams.has("after") ? { ...head, list: ["b"] } : { ...head, list: ["a"], next: "1" },
  });
  const { stdout } = await suar(["warninglists", "show", id]);
  expect(JSON.parse(stdout)).toMatchObject({
    name: "Sites",
    version: 2,
    matching_attributes: [],
    list: ["a", "b"],
  });
});

test("tells which lists a value is on", async () => {
  answers[`GET ${PATH}/hits`] = (_body, url) => {
    const value = url.searchParams.get("value");
    const hits = value === "a.example" ? [{ list: "Sites", version: 2 }] : [];
    return { status: 200, body: { kind: "domain", value, hits } };
  };
  expect((await suar(["warninglists", "try", "a.example"])).stdout).toContain("Sites, version 2");
  expect((await suar(["warninglists", "try", "b.example"])).stdout).toContain("is on no list");
});

test("tells which lists there are", async () => {
  answers[`GET ${PATH}`] = { status: 200, body: { items: [head] } };
  expect((await suar(["warninglists", "list"])).stdout).toMatch(/Sites +2 +hostname +2 +platform/);
});
