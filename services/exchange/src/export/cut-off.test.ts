import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { cutOff } from "./cut-off.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Bounds = Parameters<typeof cutOff>[1];

async function* endless(): AsyncGenerator<string> {
  for (;;) yield "x".repeat(64 * 1024);
}

/** An answer, without an end unless told, under these bounds: how many pieces of it were asked for, and how it ended. */
async function answering(
  bounds: Bounds,
  made: () => AsyncGenerator<string> = endless,
): Promise<{ socket: Socket; pieces: () => number; closed: Promise<void> }> {
  let pieces = 0;
  const counted = async function* () {
    for await (const piece of made()) {
      pieces += 1;
      yield piece;
    }
  };
  let over: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    over = resolve;
  });
  const server = createServer((_request, answer: ServerResponse) => {
    const done = cutOff(answer, bounds);
    answer.once("close", () => {
      done();
      over();
    });
    Readable.from(counted(), { objectMode: false })
      .on("error", () => undefined)
      .pipe(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  closing.push(() => {
    socket.destroy();
    server.close();
  });
  return { socket, pieces: () => pieces, closed };
}

test("whoever takes nothing is cut off, and no more is made meanwhile than lies in between", async () => {
  const { socket, pieces, closed } = await answering({ silentMs: 400, longestMs: 600_000 });
  socket.pause();
  await closed;
  const made = pieces();
  // What the sockets of both sides hold, and a few pieces more.
  expect(made).toBeLessThan(400);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pieces()).toBe(made);
});

test("whoever takes without an end is cut off in the end, and not before", async () => {
  const began = performance.now();
  const { socket, closed } = await answering({ silentMs: 600_000, longestMs: 700 });
  let read = 0;
  socket.on("data", (data) => {
    read += data.length;
  });
  await closed;
  expect(performance.now() - began).toBeGreaterThan(650);
  expect(read).toBeGreaterThan(0);
});

test("whoever waits for the platform is not cut off, and is once it takes nothing", async () => {
  const slow = async function* () {
    yield "first";
    await new Promise((resolve) => setTimeout(resolve, 900));
    yield "second";
    yield* endless();
  };
  const { socket, pieces, closed } = await answering({ silentMs: 200, longestMs: 600_000 }, slow);
  const before = await new Promise<string>((resolve) => {
    let text = "";
    socket.once("close", () => resolve(`cut off after ${pieces()} pieces`));
    socket.on("data", (data) => {
      text += String(data);
      if (!text.includes("second")) return;
      socket.pause();
      resolve(text);
    });
  });
  expect(before).toContain("second");
  await closed;
});
