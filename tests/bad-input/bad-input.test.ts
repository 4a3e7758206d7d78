import { Agent, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caller, waitForSubmission } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { startPlatform } from "../support/platform.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { rawBytes } from "../support/raw-request.ts";
import { AGREEMENT_ROWS } from "./agreement-rows.ts";
import { APPROVAL_ROWS } from "./approval-rows.ts";
import { CALL_ROWS } from "./call-rows.ts";
import { CREDENTIAL_ROWS } from "./credential-rows.ts";
import { DRILL_ROWS } from "./drill-rows.ts";
import { EXPORT_ROWS } from "./export-rows.ts";
import { INBOX_ROWS } from "./inbox-rows.ts";
import { MARKING_ROWS } from "./marking-rows.ts";
import { ODD } from "./odd-rows.ts";
import { PUBLIC_ROWS } from "./option-rows.ts";
import { POLICY_ROWS } from "./policy-rows.ts";
import { RESPONSE_ROWS } from "./response-rows.ts";
import { CSV_TYPE, expectProblem, JSON_TYPE, LIMITS, type Row, type Stage } from "./row.ts";
import { SIGHTING_ROWS } from "./sighting-rows.ts";
import { SOURCE_ROWS } from "./source-rows.ts";
import { SUBMISSION_ROWS } from "./submission-rows.ts";
import { indicator } from "./submitting.ts";
import { TAXII_ROWS } from "./taxii-rows.ts";
import { TEXT_ROWS } from "./text-rows.ts";
import { TLOG_ROWS } from "./tlog-rows.ts";
import { WARNING_LIST_ROWS } from "./warning-list-rows.ts";
import { WATCH_ROWS } from "./watch-rows.ts";
import { INSIDE } from "./webhook-addresses.ts";

let stage: Stage;

beforeAll(async () => {
  const platform = await startPlatform({
    env: {
      SUAR_DOCUMENT_LIMIT: String(LIMITS.document),
      SUAR_SUBMISSION_LIMIT: String(LIMITS.submission),
      SUAR_WEBHOOK_ALLOW: "",
      SUAR_SOURCE_ALLOW: "",
    },
  });
  stage = {
    platform,
    nobody: caller(platform.url, undefined),
    operator: caller(platform.url, platform.operator),
    analyst: caller(platform.url, platform.key("SG", "analyst")),
    subscriber: caller(platform.url, platform.key("SG", "subscriber")),
    officer: caller(platform.url, platform.key("SG", "officer")),
    coordinator: caller(platform.url, platform.key("SG", "coordinator")),
  };
});
afterAll(async () => {
  await stage.platform.remove();
});

const tables: [string, readonly Row[]][] = [
  ["of the way in", SUBMISSION_ROWS],
  ["of calls", CALL_ROWS],
  ["of sightings", SIGHTING_ROWS],
  ["of sources", SOURCE_ROWS],
  ["of alerts and advisories", RESPONSE_ROWS],
  ["of watch lists", WATCH_ROWS],
  ["of agreements", AGREEMENT_ROWS],
  ["of policies", POLICY_ROWS],
  ["of approvals", APPROVAL_ROWS],
  ["of characters", TEXT_ROWS],
  ["of keys and streams", CREDENTIAL_ROWS],
  ["of drills", DRILL_ROWS],
  ["of people and inboxes", INBOX_ROWS],
  ["of markings", MARKING_ROWS],
  ["of proofs", TLOG_ROWS],
  ["of the public", PUBLIC_ROWS],
  ["of exports", EXPORT_ROWS],
  ["of warning lists", WARNING_LIST_ROWS],
];

describe.each(tables)("the table %s", (_name, rows) => {
  test.each(rows)("answers $it with $code", async ({ ask, code, tells }) => {
    const answer = await ask(stage);
    expectProblem(answer, code);
    if (tells !== undefined) expect(answer.body.detail).toContain(tells);
  });
});

// TAXII has error messages of its own (TAXII 2.1 §3.6.1).
test.each(TAXII_ROWS)("TAXII answers $it with $status", async ({ ask, status }) => {
  const answer = await ask(stage);
  expect(answer.status, answer.text.slice(0, 400)).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/taxii+json;version=2.1");
  expect(answer.body).toMatchObject({ title: expect.stringMatching(/./), http_status: String(status) });
  if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/Basic/);
  if (status === 405) expect(answer.headers.get("allow")).toMatch(/GET/);
});

test.each(INSIDE)("refuses a webhook to %s", async (url) => {
  expectProblem(await stage.officer.post("/v1/webhooks", { url }), "address-refused");
});

test.each(INSIDE)("refuses a source at %s", async (url) => {
  expectProblem(await stage.analyst.post("/v1/sources", { url }), "address-refused");
});

test("refuses to move a webhook to the inside", async () => {
  const { body } = await stage.officer.post("/v1/webhooks", { url: "https://hooks.example.com/" });
  const change = { url: "http://[::ffff:7f00:1]/" };
  expectProblem(await stage.officer.send("PATCH", `/v1/webhooks/${body.id}`, change), "address-refused");
  expect((await stage.officer.get(`/v1/webhooks/${body.id}`)).body.url).toBe("https://hooks.example.com/");
  await stage.officer.send("DELETE", `/v1/webhooks/${body.id}`);
});

test("tells the line of each mistake in a scenario", async () => {
  const scenario = QUIET_DRILL.replace("at: PT5M", "at: at five").replace("to: [MY]", "to: [Malaysia]");
  const answer = await stage.coordinator.post("/v1/drills", { scenario });
  expectProblem(answer, "bad-scenario");
  const lineOf = (text: string): number => scenario.slice(0, scenario.indexOf(text)).split("\n").length;
  const messages = (answer.body.errors as { message: string }[]).map(({ message }) => message);
  expect(
    messages.some((message) => message.startsWith(`line ${lineOf("at: at five")}:`)),
    messages.join("\n"),
  ).toBe(true);
  expect(
    messages.some((message) => message.startsWith(`line ${lineOf("to: [Malaysia]")}:`)),
    messages.join("\n"),
  ).toBe(true);
});

test("takes the good objects of a bundle and rejects the bad one with a reason", async () => {
  const bad = indicator(12, { pattern: "[domain-name:value = " });
  const body = bundleOf(indicator(11), bad, indicator(13));
  const accepted = await stage.analyst.raw("/v1/submissions?tlp=green", body, JSON_TYPE);
  expect(accepted.status, accepted.text).toBe(202);
  const { body: report } = await waitForSubmission(stage.analyst, accepted.body.id);
  expect(report).toMatchObject({ status: "done", counts: { records: 3, accepted: 2, rejected: 1 } });
  expect((report.records as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
    "accepted",
    "rejected",
    "accepted",
  ]);
  expect(report.records[1]).toMatchObject({
    index: 1,
    code: expect.any(String),
    reason: expect.stringMatching(/pattern/i),
  });
  expect(
    (await stage.analyst.get("/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-000000000011")).status,
  ).toBe(200);
  expectProblem(
    await stage.analyst.get("/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-000000000012"),
    "not-found",
  );
});

test.each(ODD)(
  "survives %s",
  async (_name, query, body, headers) => {
    const answer = await stage.analyst.raw(`/v1/submissions${query}`, body, headers);
    expect(answer.status, answer.text).toBeLessThan(500);
    if (answer.status !== 202) return expectProblem(answer, answer.body.code);
    const { body: report } = await waitForSubmission(stage.analyst, answer.body.id);
    const { records, accepted, merged, unchanged, rejected } = report.counts;
    if (report.status === "failed")
      return expect(report.problem.code, "a reason that the sender can mend").not.toBe("internal");
    expect(accepted + merged + unchanged + rejected).toBe(records);
    for (const record of report.records as { outcome: string; code?: string; reason?: string }[]) {
      if (record.outcome === "rejected")
        expect(record).toMatchObject({ code: expect.any(String), reason: expect.any(String) });
    }
  },
  90_000,
);

test("answers broken HTTP without failing inside", async () => {
  const { url } = stage.platform;
  const key = `authorization: Bearer ${stage.platform.key("SG")}\r\n`;
  const head = (lines: string): string => `GET /v1/whoami HTTP/1.1\r\nhost: x\r\n${lines}\r\n`;
  const cases: [string, string][] = [
    ["a header of 100 kB", head(`x-long: ${"x".repeat(100_000)}\r\n`)],
    [
      "a thousand headers",
      head(`${Array.from({ length: 3_000 }, (_, n) => `x-${n}: y`).join("\r\n")}\r\n${key}`),
    ],
    ["a request line that is none", "HELLO\r\n\r\n"],
    ["a version that is none", "GET / HTTP/9.9\r\nhost: x\r\n\r\n"],
    ["a path of 100 kB", `GET /${"p".repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    [
      "a length and chunks at once",
      `POST /v1/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ["a negative length", `POST /v1/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`],
    [
      "a body shorter than its length",
      `POST /v1/sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 400\r\n\r\n{}`,
    ],
  ];
  for (const [name, bytes] of cases) {
    const answer = await rawBytes(url, bytes);
    expect(answer, name).not.toMatch(/^HTTP\/1\.1 5/);
    const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
    if (status !== undefined)
      expect(Number(status), `${name}: ${answer.slice(0, 200)}`).toBeGreaterThanOrEqual(400);
    if (status !== undefined) expect(answer, name).toMatch(/content-type: application\/problem\+json/i);
  }
});

test("serves on the same connection after it refused a body half-read", async () => {
  const { url, key } = { url: new URL(stage.platform.url), key: stage.platform.key("SG") };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (body: string): Promise<number | undefined> =>
    await new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "content-length": body.length,
      };
      const options = {
        agent,
        method: "POST",
        path: "/v1/submissions?tlp=green&format=stix",
        headers,
        timeout: 10_000,
      };
      const sent = request(url, options, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
      sent.on("error", reject);
      sent.end(body);
    });
  expect(await send("x".repeat(LIMITS.document * 8))).toBe(413);
  expect(await send("{}")).toBe(422);
  agent.destroy();
});

test("still serves, and nothing failed inside", async () => {
  expect((await stage.nobody.get("/readyz")).status).toBe(200);
  const accepted = await stage.analyst.raw(
    "/v1/submissions?tlp=green",
    "value\nstill-here.example.com\n",
    CSV_TYPE,
  );
  expect((await waitForSubmission(stage.analyst, accepted.body.id)).body.status).toBe("done");
  const metrics = await stage.nobody.get("/metrics");
  const failures = metrics.text
    .split("\n")
    .filter((line) => /^suar_http_request_seconds_count.*status="5/.test(line));
  expect(failures).toEqual([]);
  const errors = stage.platform
    .log()
    .split("\n")
    .filter((line) => line.includes('"level":50') || line.includes('"level":60'));
  expect(errors).toEqual([]);
});
