import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const id = "5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
const at = "2027-01-01T00:00:00Z";

type Answer =
  | { status: number; body: unknown }
  | ((body: string, url: URL) => { status: number; body: unknown });

// A real server with a table of answers by "METHOD /path"; the command runs as a process of its own.
let server: Server;
let live: WebSocketServer;
let url: string;
let folder: string;
let answers: Record<string, Answer>;
let children: ChildProcess[];

beforeEach(async () => {
  answers = {};
  children = [];
  folder = mkdtempSync(join(tmpdir(), "suar command "));
  server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const address = new URL(request.url ?? "/", url);
    const answer = answers[`${request.method} ${address.pathname}`] ?? problem(404, "not-found");
    const { status, body: value } = typeof answer === "function" ? answer(body, address) : answer;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  });
  live = new WebSocketServer({ server });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  for (const socket of live.clients) socket.terminate();
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

function start(args: string[], env: Record<string, string> = { SUAR_URL: url, SUAR_KEY: "suar_key" }) {
  const clean = { ...process.env, SUAR_CONFIG_DIR: join(folder, "config"), NO_COLOR: "1", ...env };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: clean,
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece) => {
    output.stdout += piece;
  });
  child.stderr.on("data", (piece) => {
    output.stderr += piece;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number, ...output }));
  return { child, output, ended };
}

const suar = (args: string[], env?: Record<string, string>) => {
  const { child, ended } = start(args, env);
  child.stdin.end();
  return ended;
};
const problem = (status: number, code: string) => ({
  status,
  body: { type: `/problems/${code}`, title: "No", status, code, detail: `because ${code}` },
});
const me = {
  realm: "live",
  organisation: "SG",
  member: "SG",
  roles: ["analyst"],
  keyId: "k1",
  personId: null,
  expiresAt: at,
};
const counts = { records: 30, accepted: 2, merged: 1, unchanged: 2, rejected: 25 };
const submission = {
  id,
  status: "done",
  format: "csv",
  receivedAt: at,
  finishedAt: at,
  bytes: 1,
  sha256: "x",
  problem: null,
  links: { self: "/" },
};
const item = (seq: number, name = `bad-${seq}.example`) => ({
  seq,
  cursor: `abcdefgh.${seq}`,
  at: "2027-01-01T00:00:00.000000Z",
  realm: "live",
  kind: "released",
  tlp: "green",
  producer: "SG",
  object: { type: "indicator", id: `indicator--${seq}`, name },
});

test("signs in from the bootstrap file, keeps the key to itself, and uses the profile afterwards", async () => {
  answers["GET /v1/whoami"] = { status: 200, body: me };
  writeFileSync(
    join(folder, "bootstrap.json"),
    JSON.stringify({ url, keys: { SG: { analyst: "suar_a_b" } }, operator: "suar_o" }),
  );
  const signedIn = await suar(["login", "--as", "SG:analyst", "--bootstrap", "bootstrap.json"], {});
  expect(signedIn).toMatchObject({ code: 0, stdout: expect.stringContaining("as SG (analyst), realm live") });
  const profiles = join(folder, "config", "profiles.json");
  expect(statSync(profiles).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(profiles, "utf8"))).toEqual({
    default: { url, key: "suar_a_b", as: "SG:analyst" },
  });
  expect(signedIn.stdout + signedIn.stderr).not.toContain("suar_a_b");
  expect(JSON.parse((await suar(["whoami", "--json"], {})).stdout)).toEqual({ url, ...me });
  expect(await suar(["login", "--as", "XX:analyst", "--bootstrap", "bootstrap.json"], {})).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("members: SG"),
  });
});

test.each([
  ["unauthenticated", 401, 3],
  ["forbidden", 403, 3],
  ["not-found", 404, 4],
  ["unmarked", 422, 5],
  ["realm-limit", 429, 6],
  ["internal", 500, 1],
])("a problem %s ends with its exit code", async (code, status, exit) => {
  answers["GET /v1/keys"] = problem(status, code);
  expect(await suar(["keys", "list"])).toEqual({
    code: exit,
    stdout: "",
    stderr: `suar: because ${code} (${code})\n`,
  });
});

test("usage errors end with 2, no answer with 7, no key with 3", async () => {
  expect((await suar(["nonsense"])).code).toBe(2);
  expect((await suar(["watch", "--tlp", "pink"])).code).toBe(2);
  expect((await suar(["status"], { SUAR_URL: "http://127.0.0.1:1", SUAR_KEY: "k" })).code).toBe(7);
  expect(await suar(["whoami"], {})).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("suar login --as"),
  });
  expect((await suar(["--help"])).code).toBe(0);
});

test("submits several files, goes on after a failing one, and caps what it shows", async () => {
  writeFileSync(join(folder, "a.csv"), "a");
  writeFileSync(join(folder, "b.csv"), "unmarked");
  answers["POST /v1/submissions"] = (body) =>
    body === "unmarked"
      ? problem(422, "unmarked")
      : { status: 202, body: { id, status: "received", links: { self: "/" } } };
  const records = Array.from({ length: 25 }, (_, index) => ({
    index,
    at: `line ${index + 2}`,
    outcome: "rejected",
    code: "bad-value",
    reason: "no\u001b[2J host",
    ids: [],
  }));
  answers[`GET /v1/submissions/${id}`] = {
    status: 200,
    body: {
      ...submission,
      counts,
      records,
      losses: [{ index: 0, at: "line 2", field: "comment", reason: "no place" }],
      lossesInAll: 4,
    },
  };
  const { code, stdout, stderr } = await suar(["submit", "b.csv", "missing.csv", "a.csv", "--tlp", "green"]);
  expect(code).toBe(5);
  expect(stderr).toContain("because unmarked (unmarked)");
  expect(stderr).toContain("missing.csv");
  expect(stdout).toMatch(/records {2}accepted {2}merged {2}unchanged {2}rejected\n +30 +2 +1 +2 +25/);
  expect(stdout).toContain("rejected line 2: no\ufffd[2J host");
  expect(stdout).toContain("and 5 more");
  expect(stdout).toContain("lost line 2 comment: no place\n  and 3 more");
});

test("a dry run shows what would be understood and who would receive it", async () => {
  writeFileSync(join(folder, "a.csv"), "a");
  const record = { index: 0, outcome: "accepted", ids: ["indicator--1"], objects: [item(1).object] };
  answers["POST /v1/submissions"] = (_body, { searchParams }) => ({
    status: 200,
    body: {
      dryRun: searchParams.get("dryRun") === "true",
      format: "csv",
      counts: { ...counts, rejected: 0 },
      records: [record],
      losses: [],
      recipients: [{ organisation: "MY", objects: 1, reasons: ["tlp-green"] }],
      truncated: false,
    },
  });
  const { code, stdout } = await suar(["submit", "a.csv", "--dry-run"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/indicator {2}bad-1\.example/);
  expect(stdout).toMatch(/MY +1 +tlp-green/);
});

test("watches, keeps its cursor in a file, ends with 130 at Ctrl-C, and goes on from the file", async () => {
  const asked: unknown[] = [];
  live.on("connection", (socket) =>
    socket.once("message", (data) => {
      const { after } = JSON.parse(data.toString());
      asked.push(after);
      for (const seq of after === 0 ? [1, 2] : [3])
        socket.send(JSON.stringify({ op: "event", ...item(seq) }));
      socket.send(JSON.stringify({ op: "caught-up", cursor: after === 0 ? "abcdefgh.2" : "abcdefgh.3" }));
    }),
  );
  const { child, output, ended } = start(["watch", "--after", "0", "--resume", "cursor"]);
  await expect.poll(() => output.stderr, { timeout: 10_000 }).toContain("caught up");
  child.kill("SIGINT");
  expect(await ended).toMatchObject({
    code: 130,
    stdout:
      "2027-01-01 00:00:00  #1  GREEN  SG  indicator  bad-1.example\n2027-01-01 00:00:00  #2  GREEN  SG  indicator  bad-2.example\n",
    stderr: expect.stringContaining("suar watch --after abcdefgh.2"),
  });
  expect(readFileSync(join(folder, "cursor"), "utf8")).toBe("abcdefgh.2\n");
  const again = await suar(["watch", "--json", "--after", "0", "--resume", "cursor", "--count", "1"]);
  expect(JSON.parse(again.stdout)).toEqual(item(3));
  expect(asked).toEqual([0, "abcdefgh.2"]);
});

test("listens for webhooks: verifies, takes each id once, refuses forgeries", async () => {
  const secret = `whsec_${Buffer.from("a secret of some length, really").toString("base64")}`;
  const { child, output, ended } = start(["webhook", "listen", "--port", "0", "--secret", secret]);
  await expect.poll(() => output.stderr, { timeout: 10_000 }).toContain("listening on");
  const address = /http:\S+/.exec(output.stderr)?.[0] ?? "";
  const body = JSON.stringify({ type: "object.released", timestamp: at, data: item(1) });
  const send = (text: string) => {
    const now = new Date();
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign("msg_1", now, body),
    };
    return fetch(address, { method: "POST", headers, body: text }).then(({ status }) => status);
  };
  expect([await send("{}"), await send(body), await send(body)]).toEqual([400, 204, 204]);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  expect(output.stdout.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "failed",
    "verified",
    "duplicate",
    "",
  ]);
});

test("shows the platform's explanation when it refuses the listener's address", async () => {
  answers["POST /v1/webhooks"] = problem(422, "address-refused");
  expect(await suar(["webhook", "listen", "--port", "0", "--create"])).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("because address-refused"),
  });
});

test("runs a drill, tells injects as they fire, and who received what at the end", async () => {
  const inject = {
    id: "i1",
    state: "waiting",
    firedAt: null,
    scenarioTime: null,
    lateBy: null,
    by: "SG",
    submissionId: null,
    problem: null,
  };
  const drill = {
    id,
    realm: "dabc123",
    title: { en: "First" },
    state: "ready",
    speed: 60,
    scenarioTime: "PT0S",
    duration: "PT12M",
    participants: ["SG"],
    injects: [inject],
    replayOf: null,
    createdAt: at,
  };
  let looks = 0;
  answers["POST /v1/drills"] = (body) => ({
    status: 201,
    body: {
      ...drill,
      speed: JSON.parse(body).speed,
      keys: { SG: { analyst: "suar_secret", subscriber: "s" } },
      warnings: [],
    },
  });
  answers[`POST /v1/drills/${id}/start`] = { status: 200, body: { ...drill, state: "running" } };
  answers[`GET /v1/drills/${id}`] = () => {
    const over = ++looks > 1;
    const fired = { ...inject, state: "fired", firedAt: at, scenarioTime: "PT30S" };
    return {
      status: 200,
      body: {
        ...drill,
        state: over ? "ended" : "running",
        scenarioTime: over ? "PT12M" : "PT1M",
        injects: [fired],
      },
    };
  };
  const delivery = {
    seq: 1,
    at: "2027-01-01T00:00:01.000Z",
    scenarioTime: "PT31S",
    kind: "released",
    producer: "SG",
    object: "incident--1",
    tlp: "green",
    receivedBy: ["MY", "TH"],
  };
  answers[`GET /v1/drills/${id}/deliveries`] = (_body, { searchParams }) => ({
    status: 200,
    body: { items: searchParams.get("after") === "0" ? [delivery] : [], next: 1 },
  });
  writeFileSync(join(folder, "s.yaml"), "drill: 1\n");
  const { code, stdout } = await suar(["drill", "run", "s.yaml", "--speed", "60", "--keys", "keys.json"]);
  expect(code).toBe(0);
  expect(stdout).toContain("PT30S  inject i1 fired by SG\n");
  expect(stdout).toMatch(/PT31S +00:00:01\.000 +1 +SG +green +released +incident--1 +MY TH/);
  expect(stdout).not.toContain("suar_secret");
  expect(statSync(join(folder, "keys.json")).mode & 0o777).toBe(0o600);
  expect(await suar(["drill", "check", "s.yaml"])).toMatchObject({
    code: 5,
    stdout: expect.stringContaining("s.yaml"),
  });
});
