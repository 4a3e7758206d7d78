import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { caller } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

let platform: PlatformProcess;
let key: string;

beforeAll(async () => {
  platform = await startPlatform();
  key = platform.key("SG", "subscriber");
});
afterAll(async () => {
  await platform.remove();
});

/** 44xx: do not retry. */
const BAD_MESSAGE = 4400;

const messages: [string, string | Buffer, string][] = [
  ["words", "hello", "malformed-json"],
  ["JSON that breaks off", '{"op":', "malformed-json"],
  ["an empty message", "", "malformed-json"],
  ["binary", Buffer.from([0, 1, 2, 0xff]), "bad-request"],
  ["a subscription in a binary message", Buffer.from('{"op":"subscribe","after":0}'), "bad-request"],
  ["a list", "[]", "bad-request"],
  ["null", "null", "bad-request"],
  ["an operation that there is none of", '{"op":"shutdown"}', "bad-request"],
  ["a subscription with a field that there is none of", '{"op":"subscribe","as":"MY"}', "bad-request"],
  ["a subscription after a negative number", '{"op":"subscribe","after":-1}', "bad-request"],
  ["a subscription after what is no cursor", '{"op":"subscribe","after":"x"}', "bad-cursor"],
  [
    "a filter with a field that there is none of",
    '{"op":"subscribe","filter":{"owner":["MY"]}}',
    "bad-filter",
  ],
  ["a filter that is a list", '{"op":"subscribe","filter":[]}', "bad-filter"],
  [
    "a filter with a TLP that there is none of",
    '{"op":"subscribe","filter":{"tlp":["purple"]}}',
    "bad-filter",
  ],
  [
    "nesting of 10,000",
    `{"op":"subscribe","filter":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
    "bad-filter",
  ],
];

test.each(messages)("answers %s with an error and closes for good", async (_name, message, code) => {
  const live = await openLive(platform.url, key);
  live.sendText(message);
  expect((await live.closed).code).toBe(BAD_MESSAGE);
  expect(live.messages).toEqual([expect.objectContaining({ op: "error", code })]);
});

test("answers a bad message after a good subscription in the same way", async () => {
  const live = await openLive(platform.url, key, { after: 0 });
  await live.waitFor("caught-up", (all) => all.some(({ op }) => op === "caught-up"));
  live.sendText("garbage");
  expect((await live.closed).code).toBe(BAD_MESSAGE);
  expect(live.messages.at(-1)).toMatchObject({ op: "error", code: "malformed-json" });
});

test("tells a reader whose cursor is of another epoch to begin anew", async () => {
  const live = await openLive(platform.url, key, { after: "00000000.1" });
  expect((await live.closed).code).toBe(4410);
  expect(live.messages).toEqual([
    { op: "reset", reason: "epoch", oldest: expect.stringMatching(/^[a-z0-9]{8}\.0$/) },
  ]);
});

test("ends a connection whose message is over 64 KiB", async () => {
  const live = await openLive(platform.url, key);
  live.sendText(JSON.stringify({ op: "subscribe", filter: { values: ["x".repeat(70_000)] } }));
  // RFC 6455 §7.4.1: 1009 is "too big to process".
  expect((await live.closed).code).toBe(1009);
  expect(live.messages).toEqual([]);
});

test("takes a message of just under 64 KiB", async () => {
  const live = await openLive(platform.url, key);
  const values = Array.from(
    { length: 600 },
    (_, n) => `${String(n).padStart(4, "0")}${"x".repeat(90)}.example`,
  );
  live.send({ op: "subscribe", after: 0, filter: { values } });
  await live.waitFor("subscribed", (all) => all.some(({ op }) => op === "subscribed"));
  live.close();
});

test("ends a connection that does not subscribe within ten seconds", async () => {
  const live = await openLive(platform.url, key);
  live.send({ op: "ping" });
  expect((await live.closed).code).toBe(BAD_MESSAGE);
  expect(live.messages).toEqual([
    { op: "pong" },
    expect.objectContaining({ op: "error", code: "bad-request" }),
  ]);
}, 20_000);

test("speaks no other subprotocol than suar.v1", async () => {
  const socket = new WebSocket(`${platform.url.replace("http", "ws")}/v1/live`, ["chat"], {
    headers: { authorization: `Bearer ${key}` },
  });
  const told = await new Promise<string>((resolve) => {
    socket.once("open", () => resolve(`open with ${socket.protocol}`));
    socket.once("error", (error) => resolve(error.message));
  });
  socket.terminate();
  expect(told).not.toMatch(/^open/);
});

test("still serves", async () => {
  expect((await caller(platform.url, key).get("/v1/log")).status).toBe(200);
  const live = await openLive(platform.url, key, { after: 0 });
  await live.waitFor("caught-up", (all) => all.some(({ op }) => op === "caught-up"));
  live.close();
  const errors = platform
    .log()
    .split("\n")
    .filter((line) => /"level":[56]0/.test(line) && !line.includes("WS_ERR_"));
  expect(errors).toEqual([]);
});
