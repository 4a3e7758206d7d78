import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  answers,
  at,
  closeFixture,
  folder,
  id,
  openFixture,
  problem,
  suar,
  url,
} from "../../testing/command-fixture.ts";

const COLLECTION = {
  id: "9cfa669c-ee94-4ece-afd2-f8edac37d8fd",
  title: "Theirs",
  alias: "theirs",
  can_read: true,
};
const OBJECTS = `GET /root/collections/${COLLECTION.id}/objects/`;
const submitted: { query: URLSearchParams; objects: any[] }[] = [];
const shown = new Set<string | undefined>();

beforeEach(async () => {
  await openFixture();
  submitted.length = 0;
  shown.clear();
  answers["GET /taxii2/"] = { status: 200, body: { title: "t", api_roots: ["/root/"] } };
  answers["GET /root/collections/"] = { status: 200, body: { collections: [COLLECTION] } };
  answers[OBJECTS] = (_body, { searchParams }, { authorization }) => {
    shown.add(authorization);
    const page = Number(searchParams.get("next") ?? 0);
    const object = { type: "indicator", id: `indicator--${page}`, modified: at };
    return {
      status: 200,
      body: page < 2 ? { more: true, next: String(page + 1), objects: [object] } : { objects: [object] },
    };
  };
  answers["POST /v1/submissions"] = (body, { searchParams }) => {
    submitted.push({ query: searchParams, objects: JSON.parse(body).objects });
    return { status: 202, body: { id, status: "received", links: { self: "/" } } };
  };
  answers[`GET /v1/submissions/${id}`] = () => ({ status: 200, body: submission() });
});
afterEach(closeFixture);

const counts = { records: 1, accepted: 1, merged: 0, unchanged: 0, rejected: 0 };
function submission(more: object = {}): object {
  const fixed = { id, status: "done", format: "stix", receivedAt: at, finishedAt: at, bytes: 1, sha256: "x" };
  return {
    ...fixed,
    problem: null,
    links: { self: "/" },
    counts,
    records: [],
    losses: [],
    lossesInAll: 0,
    ...more,
  };
}

describe("suar pull taxii", () => {
  it("submits what a collection holds, with where it came from, and sums the outcome up", async () => {
    const pulled = await suar(["pull", "taxii", url, "--tlp", "green", "--to", "MY,TH"]);
    expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
    expect(pulled.stdout).toMatch(/^Theirs at http:\S+: 3 objects, 3 submissions\n/);
    expect(pulled.stdout).toMatch(/records {2}accepted.*\n {2}3 {8}3 /);
    expect(submitted.map(({ objects }) => objects[0].id)).toEqual([0, 1, 2].map((n) => `indicator--${n}`));
    const origin = `${url}/root/collections/${COLLECTION.id}/`;
    expect(Object.fromEntries(submitted[0]?.query ?? [])).toMatchObject({
      format: "stix",
      tlp: "green",
      to: "MY,TH",
      origin,
    });
    const asJson = await suar(["pull", "taxii", url, "--json"]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      objects: 3,
      leftOut: 0,
      complete: true,
      counts: { accepted: 3 },
      collection: { title: "Theirs" },
    });
  });

  it("says where to go on so that others of the same date are not missed", async () => {
    const manifest = [{ id: "indicator--0", date_added: "2026-01-02T00:00:00.000000Z", version: at }];
    answers[`GET /root/collections/${COLLECTION.id}/manifest/`] = {
      status: 200,
      body: { objects: manifest },
    };
    answers[OBJECTS] = (_body, { searchParams }) =>
      searchParams.has("next")
        ? { status: 500, body: {} }
        : {
            status: 200,
            body: { more: true, next: "1", objects: [{ type: "indicator", id, modified: at }] },
          };
    const pulled = await suar(["pull", "taxii", url, "--tlp", "green"]);
    expect(pulled).toMatchObject({ code: 1 });
    expect(pulled.stdout).toMatch(
      /up to 2026-01-02T00:00:00.000000Z: .* --after 2026-01-01T23:59:59.999999Z/,
    );
  });

  it("ends with 5 when something was rejected or left out, and says what", async () => {
    const record = {
      index: 0,
      at: "/objects/0",
      outcome: "rejected",
      code: "unmarked",
      reason: "No TLP",
      ids: [],
    };
    answers[`GET /v1/submissions/${id}`] = () => ({
      status: 200,
      body: submission({ counts: { ...counts, accepted: 0, rejected: 1 }, records: [record] }),
    });
    const rejected = await suar(["pull", "taxii", url, "--collection", "theirs"]);
    expect(rejected).toMatchObject({
      code: 5,
      stdout: expect.stringContaining("rejected /objects/0: No TLP"),
    });
    const unknown = { object_marking_refs: ["marking-definition--11111111-1111-4111-8111-111111111111"] };
    answers[OBJECTS] = {
      status: 200,
      body: { objects: [{ type: "indicator", id: "indicator--1", ...unknown }] },
    };
    expect(await suar(["pull", "taxii", url])).toMatchObject({
      code: 5,
      stdout: expect.stringContaining("left out 1"),
    });
  });

  it("takes secrets from the environment and from files, and none from the command line", async () => {
    writeFileSync(join(folder, "token"), "of-a-file\n");
    const env = { SUAR_URL: url, SUAR_KEY: "suar_key" };
    await suar(["pull", "taxii", url, "--user", "me"], { ...env, SUAR_TAXII_SECRET: "hush" });
    await suar(["pull", "taxii", url], { ...env, SUAR_TAXII_TOKEN: "of-the-environment" });
    await suar(["pull", "taxii", url, "--token-file", "token"]);
    await suar(["pull", "taxii", url, "--user", "me", "--secret-file", "token"]);
    const basic = (secret: string): string => `Basic ${Buffer.from(`me:${secret}`).toString("base64")}`;
    expect([...shown]).toEqual([
      basic("hush"),
      "Bearer of-the-environment",
      "Bearer of-a-file",
      basic("of-a-file"),
    ]);
  });

  it.each([
    ["a secret behind its user", ["--user", "me:hush"], "name alone"],
    ["a user and a token", ["--user", "me", "--token-file", "x"], "not both"],
    ["a secret without its user", ["--secret-file", "x"], "--user"],
    ["a file that is not there", ["--token-file", "nowhere"], "nowhere"],
    ["a user whose secret nobody can be asked for", ["--user", "me"], "SUAR_TAXII_SECRET"],
    ["a date that is none", ["--after", "soon"], "--after"],
  ])("refuses %s", async (_name, args, told) => {
    const refused = await suar(["pull", "taxii", url, ...args]);
    expect(refused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(told) });
    expect(refused.stderr).not.toContain("hush");
  });

  it.each([
    [401, 3],
    [403, 3],
    [404, 4],
    [429, 6],
    [500, 1],
  ])("tells of the other server's %i as its, not as the platform's", async (status, code) => {
    answers["GET /taxii2/"] = { status, body: { title: "because" } };
    const failed = await suar(["pull", "taxii", `${url}/taxii2/`]);
    expect(failed).toMatchObject({ code, stdout: "", stderr: expect.stringContaining("because") });
    expect(failed.stderr).not.toContain("sign-in");
  });

  it("says that nothing answers, and how far it came before", async () => {
    expect(await suar(["pull", "taxii", "http://127.0.0.1:9/"])).toMatchObject({ code: 7 });
    const whole = answers[OBJECTS] as (...given: unknown[]) => { status: number; body: unknown };
    answers[OBJECTS] = (body, address, headers) =>
      address.searchParams.get("next") === "2" ? problem(502, "x") : whole(body, address, headers);
    const part = await suar(["pull", "taxii", url]);
    expect(part).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("2 objects, 2 submissions; not all of it"),
    });
    expect(part.stderr).toContain("(server-error)");
  });
});
