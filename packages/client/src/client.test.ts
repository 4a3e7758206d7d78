import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SuarClient } from "./client.ts";

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
type Answer = (response: ServerResponse, seen: Seen) => void;

// A real server that gives one answer a request; the last one is given to all that follow.
let server: Server;
let client: SuarClient;
let seen: Seen[];
let answers: Answer[];
let folder: string;

beforeEach(async () => {
  seen = [];
  server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    seen.push(one);
    (answers.length > 1 ? answers.shift() : answers[0])?.(response, one);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = new SuarClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    key: "suar_key",
  });
  folder = mkdtempSync(join(tmpdir(), "suar-client-"));
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
const problem = (status: number, code: string, headers = {}) =>
  json(
    status,
    { type: `/problems/${code}`, title: "No", status, code, detail: "because", requestId: "r1" },
    headers,
  );
const drop: Answer = (response) => response.destroy();
const id = "5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
const accepted = json(202, { id, status: "received", links: { self: `/v1/submissions/${id}` } });
const me = {
  realm: "live",
  organisation: "SG",
  member: "SG",
  roles: ["analyst"],
  keyId: "k",
  personId: null,
  expiresAt: "2027-01-01T00:00:00Z",
};

const NONE_SEEN = {
  ...{ seenBy: 0, notSeenBy: 0, endedBy: 0, count: 0, firstSeen: null, lastSeen: null },
  said: [],
};

test("sends the key and reads a reply, ignoring what a newer server adds", async () => {
  answers = [json(200, { ...me, invented: 1 })];
  expect(await client.identity.whoAmI()).toEqual(me);
  expect(seen[0]).toMatchObject({
    method: "GET",
    url: "/v1/whoami",
    headers: { authorization: "Bearer suar_key" },
  });
});

test("fills in paths and queries safely", async () => {
  answers = [
    json(200, { id: "x", assertions: [], alsoReportedBy: 0, sightings: NONE_SEEN }),
    json(200, { items: [], next: "abcdefgh.0", head: 0 }),
  ];
  await client.objects.get("../keys?x=1#");
  await client.log.page({ filter: { types: ["indicator", "incident"], text: "a b" } });
  expect(seen.map(({ url }) => url)).toEqual([
    "/v1/objects/..%2Fkeys%3Fx%3D1%23",
    "/v1/log?types=indicator%2Cincident&text=a+b&after=0",
  ]);
});

test("turns a problem document into a typed error", async () => {
  answers = [problem(422, "unmarked")];
  await expect(client.submissions.submit({ content: "x" })).rejects.toMatchObject({
    name: "SuarError",
    code: "unmarked",
    status: 422,
    message: "because",
    requestId: "r1",
  });
  answers = [(response) => response.writeHead(413).end("<html>")];
  await expect(client.identity.whoAmI()).rejects.toMatchObject({ code: "too-large", status: 413 });
  answers = [json(200, { not: "it" })];
  await expect(client.identity.whoAmI()).rejects.toMatchObject({ code: "unexpected-reply" });
});

test("repeats reads over drops and overload, waiting as long as Retry-After asks", async () => {
  answers = [
    drop,
    problem(503, "unavailable"),
    problem(429, "rate-limited", { "retry-after": "1" }),
    json(200, me),
  ];
  const began = Date.now();
  await client.identity.whoAmI();
  expect(seen).toHaveLength(4);
  expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
});

test("does not repeat what may not be repeated, what is refused, and what asks for too long a wait", async () => {
  answers = [drop];
  await expect(client.identity.createKey({ roles: ["analyst"], label: "x" })).rejects.toMatchObject({
    code: "network",
  });
  answers = [problem(429, "realm-limit")];
  await expect(client.drills.create("drill: 1")).rejects.toMatchObject({ code: "realm-limit" });
  answers = [problem(429, "rate-limited", { "retry-after": "60" })];
  await expect(client.identity.whoAmI()).rejects.toMatchObject({
    code: "rate-limited",
    retryAfterMs: 60_000,
  });
  expect(seen).toHaveLength(3);
});

test("streams a file, and a retried submission opens it again under the same idempotency key", async () => {
  const file = join(folder, "big.csv");
  const content = "value,type\n".repeat(300_000);
  writeFileSync(file, content);
  const progress: number[] = [];
  answers = [problem(503, "unavailable"), drop, accepted];
  const done = await client.submissions.submit(
    { file },
    { tlp: "green", onProgress: ({ sent, total }) => progress.push(sent / (total ?? 1)) },
  );
  expect(done.id).toBe(id);
  expect(seen.map(({ body }) => body === content)).toEqual([true, true, true]);
  expect(new Set(seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  expect(seen[0]).toMatchObject({
    url: "/v1/submissions?tlp=green&dryRun=false",
    headers: { "content-type": "text/csv", "transfer-encoding": "chunked" },
  });
  expect(progress.at(-1)).toBe(1);
});

test("two submissions have two idempotency keys, and a file that is not there is no network error", async () => {
  answers = [accepted];
  await client.submissions.submit({ content: "a" });
  await client.submissions.submit({ content: new TextEncoder().encode("b") });
  expect(seen[0]?.headers["idempotency-key"]).not.toBe(seen[1]?.headers["idempotency-key"]);
  await expect(client.submissions.submit({ file: join(folder, "none") })).rejects.toMatchObject({
    code: "ENOENT",
  });
});

test("waits for a submission to be done, telling its progress", async () => {
  const counts = { records: 2, accepted: 0, merged: 0, unchanged: 0, rejected: 0 };
  const at = "2027-01-01T00:00:00Z";
  const submission = {
    id,
    format: "csv",
    receivedAt: at,
    finishedAt: null,
    bytes: 1,
    sha256: "x",
    problem: null,
    links: { self: "/" },
    records: [],
    losses: [],
    lossesInAll: 0,
  };
  const looks = [
    { ...submission, status: "received", counts },
    { ...submission, status: "normalizing", counts: { ...counts, accepted: 1 } },
    { ...submission, status: "done", counts: { ...counts, accepted: 2 }, finishedAt: at },
  ];
  answers = looks.map((look) => json(200, look));
  const states: string[] = [];
  const done = await client.submissions.wait(id, { onProgress: ({ status }) => states.push(status) });
  expect(states).toEqual(["received", "normalizing", "done"]);
  expect(done.counts.accepted).toBe(2);
});

test("walks pages to the end", async () => {
  const alert = (name: string) => ({
    id,
    rule: { id, name },
    state: "raised",
    seq: 1,
    object: "x",
    producer: "SG",
    raisedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
  });
  answers = [json(200, { items: [alert("a")], next: "p2" }), json(200, { items: [alert("b")] })];
  const names: string[] = [];
  for await (const { rule } of client.alerts.list("raised")) names.push(rule.name);
  expect(names).toEqual(["a", "b"]);
  expect(seen.map(({ url }) => url)).toEqual(["/v1/alerts?state=raised", "/v1/alerts?state=raised&after=p2"]);
});

test("waits for an export for as long as one may take, and for other answers two minutes", async () => {
  const timeout = vi.spyOn(AbortSignal, "timeout");
  answers = [(response) => response.end("a\nb\n"), json(200, { items: [] })];
  let text = "";
  for await (const piece of client.exports.read("list-domain")) text += piece;
  expect(text).toBe("a\nb\n");
  // It is sent for half an hour at most, and looked through before.
  expect(timeout.mock.lastCall?.[0]).toBeGreaterThan(30 * 60_000);
  for await (const _ of client.exports.links());
  expect(timeout.mock.lastCall?.[0]).toBe(120_000);
  timeout.mockRestore();
});
