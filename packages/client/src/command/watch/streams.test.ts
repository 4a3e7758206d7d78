import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  answers,
  at,
  closeFixture,
  folder,
  id,
  item,
  live,
  openFixture,
  problem,
  start,
  suar,
} from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

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
