import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { ResetError } from "../error.ts";
import { type WatchOptions, watch } from "./watch.ts";

type Subscribe = { op: string; after: number | string; filter: object };
type Script = (socket: WebSocket, subscribe: Subscribe) => void;

// A real server that plays one script a connection; the last script is played for all that follow.
let server: Server;
let live: WebSocketServer;
let url: string;
let subscribed: Subscribe[];
let scripts: Script[];

beforeEach(async () => {
  subscribed = [];
  scripts = [];
  server = createServer();
  live = new WebSocketServer({
    server,
    handleProtocols: (offered) => (offered.has("suar.v1") ? "suar.v1" : false),
  });
  live.on("connection", (socket, request) => {
    if (request.headers.authorization !== "Bearer suar_key") return socket.close(4401, "unauthenticated");
    socket.once("message", (data) => {
      const message = JSON.parse(data.toString()) as Subscribe;
      subscribed.push(message);
      (scripts.length > 1 ? scripts.shift() : scripts[0])?.(socket, message);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const socket of live.clients) socket.terminate();
  live.close();
  server.close();
  server.closeAllConnections();
});

const cursor = (seq: number, epoch = "abcdefgh") => `${epoch}.${seq}`;
const event = (seq: number, epoch?: string) => ({
  op: "event",
  seq,
  cursor: cursor(seq, epoch),
  at: "2027-01-01T00:00:00.000000Z",
  realm: "live",
  kind: "released",
  tlp: "green",
  producer: "SG",
  object: { type: "indicator", id: `indicator--${seq}` },
});
const say = (socket: WebSocket, ...messages: object[]) => {
  for (const message of messages) socket.send(JSON.stringify(message));
};

async function take(count: number, options: WatchOptions = {}, key = "suar_key"): Promise<number[]> {
  const seqs: number[] = [];
  const backoff = { baseMs: 5, longestMs: 20 };
  if (count === 0) return seqs;
  for await (const { seq } of watch({ url, key }, { backoff, ...options })) {
    seqs.push(seq);
    if (seqs.length >= count) break;
  }
  return seqs;
}

test("hands out what it is sent, asking with its cursor and filter", async () => {
  scripts = [(socket) => say(socket, { op: "subscribed", head: 2, cursor: cursor(0) }, event(1), event(2))];
  expect(await take(2, { after: 0, filter: { types: ["indicator"] } })).toEqual([1, 2]);
  expect(subscribed).toEqual([{ op: "subscribe", after: 0, filter: { types: ["indicator"] } }]);
});

test("goes on from its last cursor after a drop, and drops what a server repeats or shuffles", async () => {
  scripts = [
    (socket) => {
      say(socket, event(1), event(2), event(1), event(4), event(3));
      setTimeout(() => socket.terminate(), 30);
    },
    (socket) => {
      say(socket, event(3), event(4), event(5));
      setTimeout(() => socket.close(4503), 30);
    },
    (socket) => say(socket, event(6)),
  ];
  expect(await take(5, { after: 0 })).toEqual([1, 2, 4, 5, 6]);
  expect(subscribed.map(({ after }) => after)).toEqual([0, cursor(4), cursor(5)]);
});

test("goes on from a position when nothing matched, and tells positions in order with items", async () => {
  const told: string[] = [];
  scripts = [
    (socket) => {
      say(
        socket,
        event(1),
        { op: "position", cursor: cursor(900) },
        { op: "caught-up", cursor: cursor(901) },
      );
      setTimeout(() => socket.terminate(), 30);
    },
    (socket) => say(socket, event(902)),
  ];
  const seen: (number | string)[] = [];
  const onPosition = (position: string) => told.push(position) && seen.push(position);
  for await (const { seq } of watch(
    { url, key: "suar_key" },
    { after: 0, onPosition, backoff: { baseMs: 5, longestMs: 5 } },
  )) {
    seen.push(seq);
    if (seq === 902) break;
  }
  expect(seen).toEqual([1, cursor(900), cursor(901), 902]);
  expect(subscribed[1]?.after).toBe(cursor(901));
});

test("comes back to where `latest` was when it dropped before anything came", async () => {
  const told: string[] = [];
  scripts = [
    (socket) => {
      say(socket, { op: "subscribed", head: 5, cursor: cursor(5) });
      setTimeout(() => socket.terminate(), 30);
    },
    (socket) => say(socket, { op: "subscribed", head: 7, cursor: cursor(5) }, event(6)),
  ];
  expect(await take(1, { after: "latest", onPosition: (position) => told.push(position) })).toEqual([6]);
  expect(subscribed.map(({ after }) => after)).toEqual(["latest", cursor(5)]);
  expect(told[0]).toBe(cursor(5));
});

test("obeys a bye: waits as long as asked, and resumes where told when it has heard nothing yet", async () => {
  scripts = [
    (socket) => {
      say(socket, { op: "bye", code: "shutting-down", resume: cursor(7), afterMs: 150 });
      socket.close(4503);
    },
    (socket) => say(socket, event(8)),
  ];
  const began = Date.now();
  expect(await take(1, { after: "latest" })).toEqual([8]);
  expect(Date.now() - began).toBeGreaterThanOrEqual(150);
  expect(subscribed[1]?.after).toBe(cursor(7));
});

test.each([
  [4400, "bad-request"],
  [4401, "unauthenticated"],
  [4499, "bad-request"],
  [1002, "bad-request"],
  [1007, "malformed-utf8"],
  [1009, "too-large"],
])("does not come back after a close with %i", async (code, expected) => {
  scripts = [(socket) => socket.close(code)];
  await expect(take(1)).rejects.toMatchObject({ code: expected });
  expect(subscribed).toHaveLength(1);
});

test("tells the code of the error that the server named before closing", async () => {
  scripts = [
    (socket) => {
      say(socket, { op: "error", code: "bad-filter", detail: "no such type" });
      socket.close(4400);
    },
  ];
  await expect(take(1)).rejects.toMatchObject({ code: "bad-filter", message: "no such type" });
});

test("throws a ResetError, or goes on where onReset says, counting anew", async () => {
  const reset: Script = (socket) => {
    say(socket, event(9), { op: "reset", reason: "restored", oldest: cursor(0, "zzzzzzzz") });
    socket.close(4410);
  };
  scripts = [reset];
  await expect(take(2, { after: 0 })).rejects.toThrow(ResetError);
  scripts = [reset, (socket) => say(socket, event(1, "zzzzzzzz"))];
  const onReset = ({ oldest }: { oldest: string | undefined }) => oldest ?? 0;
  expect(await take(2, { after: 0, onReset })).toEqual([9, 1]);
  expect(subscribed.at(-1)?.after).toBe(cursor(0, "zzzzzzzz"));
});

test("ignores ops that it does not know, and never loses an event that it cannot read", async () => {
  scripts = [(socket) => say(socket, { op: "later-invention", x: 1 }, event(1))];
  expect(await take(1)).toEqual([1]);
  scripts = [(socket) => say(socket, { ...event(1), seq: "one" })];
  await expect(take(1)).rejects.toMatchObject({ code: "unexpected-reply" });
});

test("takes a silent connection for dead and opens another", async () => {
  scripts = [
    // A peer that does not answer pings: its socket is not read any more.
    (socket) => {
      say(socket, event(1));
      socket.pause();
    },
    (socket) => say(socket, event(2)),
  ];
  expect(await take(2, { after: 0, heartbeatMs: 40 })).toEqual([1, 2]);
});

test("reads a flood at the reader's pace and in order", async () => {
  scripts = [
    (socket) => {
      for (let seq = 1; seq <= 5_000; seq++) say(socket, event(seq));
    },
  ];
  const seqs: number[] = [];
  for await (const { seq } of watch({ url, key: "suar_key" }, { after: 0, heartbeatMs: 30 })) {
    if (seq % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 120));
    seqs.push(seq);
    if (seq === 5_000) break;
  }
  expect(seqs).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
  expect(subscribed).toHaveLength(1);
});

test("refuses a wrong key without coming back, and gives up where nobody ever answered", async () => {
  await expect(take(1, {}, "suar_other")).rejects.toMatchObject({ code: "unauthenticated", status: 401 });
  const nobody = watch(
    { url: "http://127.0.0.1:9", key: "k" },
    { firstTries: 2, backoff: { baseMs: 1, longestMs: 2 } },
  );
  await expect(nobody.next()).rejects.toMatchObject({ code: "network" });
});

test("reads the problem of a refused upgrade", async () => {
  live.close();
  server.removeAllListeners("upgrade");
  let tries = 0;
  server.on("upgrade", (_request, socket) => {
    const [status, code] = ++tries === 1 ? [503, "unavailable"] : [403, "forbidden"];
    const body = JSON.stringify({
      type: `/problems/${code}`,
      title: "No",
      status,
      code,
      detail: "operators read no content",
    });
    socket.end(
      `HTTP/1.1 ${status} No\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
  await expect(take(1)).rejects.toMatchObject({ code: "forbidden", message: "operators read no content" });
  expect(tries).toBe(2);
});

test("ends quietly when its signal aborts, also while it waits to come back", async () => {
  scripts = [(socket) => socket.terminate()];
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  expect(
    await take(1, {
      signal: controller.signal,
      firstTries: 1_000,
      backoff: { baseMs: 60_000, longestMs: 60_000 },
    }),
  ).toEqual([]);
});
