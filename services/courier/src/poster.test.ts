import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createAddressGuard } from "@suar/runtime";
import { afterEach, expect, test } from "vitest";
import { createPoster, type PostResult } from "./poster.ts";

const TIMEOUT_MS = 1_000;
/** undici's timers tick in half seconds. */
const SOON_MS = 3_000;

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A receiver that does with each connection what it is told, and how many are open. */
async function receiver(treat: (socket: Socket) => void): Promise<{ url: string; open: Set<Socket> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    treat(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, open };
}

async function post(url: string, allowed = ["127.0.0.0/8"], body = "{}"): Promise<PostResult> {
  const poster = createPoster(createAddressGuard(allowed, "SUAR_WEBHOOK_ALLOW"), TIMEOUT_MS);
  stops.push(async () => await poster.close());
  return await poster.post({ url, headers: { "content-type": "application/json" }, body });
}

function everyTick(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 50);
  socket.on("close", () => clearInterval(timer));
}

test("tells the status of an answer, and what is no success", async () => {
  const { url } = await receiver((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"));
  });
  expect(await post(url)).toMatchObject({ status: 503, problem: "answered 503", retryAfterMs: 7_000 });
});

test.each([
  ["says nothing", (socket: Socket) => socket.resume()],
  [
    "never comes to the end of its headers",
    (socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx-endless: ");
      everyTick(socket, "x");
    },
  ],
])("gives up on a receiver that %s", async (_, treat) => {
  const { url, open } = await receiver(treat);
  const started = performance.now();
  const result = await post(url);
  expect(result).toMatchObject({ status: null, problem: expect.any(String) });
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  await expect.poll(() => open.size).toBe(0);
});

test("gives up on a receiver that never reads", async () => {
  const { url } = await receiver((socket) => socket.pause());
  const started = performance.now();
  const result = await post(url, ["127.0.0.0/8"], "x".repeat(64 * 1024 * 1024));
  expect(result).toMatchObject({ status: null, problem: expect.any(String) });
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});

test("takes the status for the answer, and lets go of one whose body never ends", async () => {
  const { url, open } = await receiver((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      everyTick(socket, `400\r\n${"x".repeat(1024)}\r\n`);
    });
  });
  expect(await post(url)).toMatchObject({ status: 200, problem: null });
  await expect.poll(() => open.size, { timeout: SOON_MS }).toBe(0);
});

test.each(["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"])(
  "connects to %s for nobody",
  async (host) => {
    const { url, open } = await receiver(() => undefined);
    const result = await post(url.replace("127.0.0.1", host), []);
    expect(result.problem).toMatch(/^refused: /);
    expect(open.size).toBe(0);
  },
);

test("follows no redirect", async () => {
  const inner = await receiver(() => undefined);
  const { url } = await receiver((socket) => {
    socket.once("data", () =>
      socket.end(`HTTP/1.1 307 Go\r\nLocation: ${inner.url}\r\nContent-Length: 0\r\n\r\n`),
    );
  });
  expect(await post(url)).toMatchObject({ status: 307, problem: "answered 307" });
  expect(inner.open.size).toBe(0);
});
