import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { caller, until } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { clientFrame, closeCodeAfter, hangUpAfter } from "../support/raw-frames.ts";

let platform: PlatformProcess;
let key: string;

beforeAll(async () => {
  // What a client does wrong is told at `debug`, so that this test sees whether it is told once.
  platform = await startPlatform({ env: { LOG_LEVEL: "debug" } });
  key = platform.key("SG", "subscriber");
});
afterAll(async () => {
  await platform.remove();
});

/** Connections that this test ended by breaking the protocol. */
let breaches = 0;
const logged = (wanted: RegExp) =>
  platform
    .log()
    .split("\n")
    .filter((line) => wanted.test(line));

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
  breaches += 1;
});

test("says nothing more after a subscribed reader broke the protocol", async () => {
  const live = await openLive(platform.url, key, { after: "latest" });
  await live.waitFor("caught-up", (all) => all.some(({ op }) => op === "caught-up"));
  const told = live.messages.length;
  live.sendText("x".repeat(70_000));
  expect((await live.closed).code).toBe(1009);
  expect(live.messages).toHaveLength(told);
  breaches += 1;
});

const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
const NOT_UTF8 = Buffer.from([0xff, 0xfe]);

const brokenFrames: [string, Buffer, number][] = [
  ["an unmasked frame", clientFrame(TEXT, '{"op":"ping"}', { masked: false }), 1002],
  ["a compressed frame, which nobody agreed on", clientFrame(TEXT | 0x40, "rubbish"), 1002],
  ["a second reserved bit", clientFrame(TEXT | 0x20, "x"), 1002],
  ["a third reserved bit", clientFrame(TEXT | 0x10, "x"), 1002],
  ["an opcode that there is none of", clientFrame(0x83, "x"), 1002],
  ["a control opcode that there is none of", clientFrame(0x8b), 1002],
  ["a continuation of nothing", clientFrame(0x80, "x"), 1002],
  ["a second beginning", Buffer.concat([clientFrame(0x01, "{"), clientFrame(0x01, "{")]), 1002],
  ["a ping in pieces", clientFrame(PING & 0x7f, "x"), 1002],
  ["a ping of 126 bytes", clientFrame(PING, "x".repeat(126)), 1002],
  ["text that is not UTF-8", clientFrame(TEXT, NOT_UTF8), 1007],
  ["a close of one byte", clientFrame(CLOSE, "x"), 1002],
  ["a close with a code that must not be sent", clientFrame(CLOSE, Buffer.from([0x03, 0xed])), 1002],
  ["a close whose reason is not UTF-8", clientFrame(CLOSE, Buffer.from([0x03, 0xe8, 0xff])), 1007],
  ["an announced length of 2^63", Buffer.from([TEXT, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]), 1009],
  ["an announced length of 64 KiB and one", Buffer.from([TEXT, 0xff, 0, 0, 0, 0, 0, 1, 0, 1]), 1009],
  [
    "pieces of over 64 KiB together",
    Buffer.concat([0x01, 0, 0].map((opcode) => clientFrame(opcode, "x".repeat(30_000)))),
    1009,
  ],
];

test.each(brokenFrames)("closes after %s with the protocol's own code", async (_name, bytes, code) => {
  expect(await closeCodeAfter(platform.url, key, bytes)).toBe(code);
  breaches += 1;
});

test("bears a client that hangs up in the middle of a frame", async () => {
  await hangUpAfter(platform.url, key, clientFrame(TEXT, "x".repeat(1_000)).subarray(0, 500));
  await hangUpAfter(platform.url, key, Buffer.from([TEXT]));
  await hangUpAfter(platform.url, key, clientFrame(TEXT, '{"op":"subscribe","after":0}'));
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
});

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
});

test("told one quiet line of each broken protocol, and of nothing else", async () => {
  const lines = await until(20_000, "the log, which comes through a pipe", async () => {
    const found = logged(/broke the protocol/);
    return found.length >= breaches ? found : undefined;
  });
  expect(lines).toHaveLength(breaches);
  expect(new Set(lines.map((line) => JSON.parse(line).level))).toEqual(new Set([20]));
  expect(logged(/WS_ERR_/)).toHaveLength(breaches);
  expect(logged(/"level":[456]0/)).toEqual([]);
});
