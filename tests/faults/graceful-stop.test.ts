import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEventStream } from "../e2e/event-stream.ts";
import { type Answer, type Caller, caller, until, waitForSubmission } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { upgrade } from "../support/raw-frames.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { startWatcher } from "../support/watcher.ts";

const STOPS_WITHIN_MS = 5_000;
const ROUNDS = 3;

let platform: PlatformProcess;
let receiver: Receiver;
/** Takes every post and answers none. */
let silent: Server;
const idle: Socket[] = [];

beforeEach(async () => {
  receiver = await startReceiver();
  silent = createServer((request) => request.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  platform = await startPlatform({ isFirst: true });
});
afterEach(async () => {
  for (const socket of idle.splice(0)) socket.destroy();
  await platform.remove();
  await receiver.close();
  silent.closeAllConnections();
  silent.close();
});

const as = (member: string, role: "analyst" | "subscriber" = "subscriber"): Caller =>
  caller(platform.url, platform.key(member, role));
const complaints = (): string[] =>
  platform
    .log()
    .split("\n")
    .filter((line) => line !== "" && !/"level":[123]0/.test(line));

/** Callers that ask again and again until they are told to stop; a platform that is away is no trouble of theirs. */
function startTraffic(): () => Promise<string[]> {
  let on = true;
  const odd: string[] = [];
  let submission = 0;
  const again = async (ask: () => Promise<Answer>): Promise<void> => {
    while (on) {
      const answer = await ask().catch(() => undefined);
      if (answer === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      else if (answer.status >= 400 && answer.body?.code !== "unavailable") odd.push(answer.text);
    }
  };
  const table = (): string => {
    const number = submission++;
    return `value\n${Array.from({ length: 50 }, (_, row) => `h${row}.s${number}.example.org`).join("\n")}\n`;
  };
  const csv = { "content-type": "text/csv" };
  const callers = [
    again(async () => await as("SG", "analyst").raw("/v1/submissions?tlp=green", table(), csv)),
    again(async () => await as("SG", "analyst").raw("/v1/submissions?tlp=green", table(), csv)),
    again(async () => await as("TH", "analyst").raw("/v1/submissions?tlp=green&dryRun=true", table(), csv)),
    again(async () => await as("KH").get("/v1/log?after=latest&wait=20")),
    again(async () => await as("MY").get("/v1/objects?limit=500")),
  ];
  return async () => {
    on = false;
    await Promise.all(callers);
    return odd;
  };
}

/** Clients that hold a connection and never say or take anything again. */
async function startIdlers(): Promise<void> {
  idle.push(await upgrade(platform.url, platform.key("PH", "subscriber")));
  const { hostname, port } = new URL(platform.url);
  const stream = connect({ host: hostname, port: Number(port) });
  const key = platform.key("PH", "subscriber");
  stream.write(
    `GET /v1/live?after=0 HTTP/1.1\r\nhost: suar\r\nauthorization: Bearer ${key}\r\naccept: text/event-stream\r\n\r\n`,
  );
  const upload = connect({ host: hostname, port: Number(port) });
  const analyst = platform.key("PH", "analyst");
  upload.write(
    `POST /v1/submissions?tlp=green HTTP/1.1\r\nhost: suar\r\nauthorization: Bearer ${analyst}\r\ncontent-type: text/csv\r\ncontent-length: 1000\r\n\r\nvalue\n`,
  );
  idle.push(stream, upload);
  for (const socket of idle) {
    socket.pause();
    socket.on("error", () => undefined); // cut off is what it waits for
  }
}

test(`stops within ${STOPS_WITHIN_MS} ms under traffic, says goodbye, and complains of nothing`, async () => {
  const { port } = silent.address() as AddressInfo;
  for (const [member, url] of [
    ["MY", receiver.url],
    ["TH", `http://127.0.0.1:${port}/hook`],
  ] as const) {
    const hook = await as(member).post("/v1/webhooks", { url, after: 0 });
    expect(hook.status, hook.text).toBe(201);
  }
  await as("VN", "analyst").post("/v1/alert-rules", { name: "all", filter: { kinds: ["released"] } });
  for (let round = 0; round < ROUNDS; round++) {
    const reader = await openLive(platform.url, platform.key("MY", "subscriber"), { after: 0 });
    const stream = await openEventStream(platform.url, platform.key("VN", "subscriber"));
    await startIdlers();
    const endTraffic = startTraffic();
    const before = receiver.received.length;
    await until(20_000, "traffic", async () =>
      receiver.received.length > before + 100 && reader.events.length > 100 ? true : undefined,
    );
    // Readers that begin just then are read to from the log, not from memory.
    const late = Array.from({ length: 10 }, () =>
      startWatcher(platform.url, platform.key("CN", "subscriber")),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const told = Date.now();
    const code = await platform.stop();
    const took = Date.now() - told;
    console.log(`graceful-stop: stopped in ${took} ms`);
    for (const watcher of late) watcher.stop();
    expect(await endTraffic()).toEqual([]);
    expect(complaints()).toEqual([]);
    expect({ code, inTime: took < STOPS_WITHIN_MS }).toEqual({ code: 0, inTime: true });
    expect(await reader.closed).toEqual({ code: 4503, reason: "shutting-down" });
    expect(reader.messages.at(-1)).toMatchObject({ op: "bye", resume: expect.any(String) });
    await stream.ended;
    expect(stream.events.at(-1)).toMatchObject({ event: "bye", data: { code: "shutting-down" } });
    await platform.restart();
  }
});

test("stops in the midst of a large submission, and goes on with it at the next start", async () => {
  const rows = 60_000;
  const table = `value\n${Array.from({ length: rows }, (_, row) => `r${row}.large.example`).join("\n")}\n`;
  const csv = { "content-type": "text/csv" };
  const { body } = await as("SG", "analyst").raw("/v1/submissions?tlp=green", table, csv);
  for (const accepted of [0, 10_000]) {
    // Once while it is staged, and once while it is released.
    await until(60_000, `more than ${accepted} accepted`, async () => {
      const now = await as("SG", "analyst").get(`/v1/submissions/${body.id}?limit=1`);
      return now.body.status !== "received" && now.body.counts.accepted >= accepted ? true : undefined;
    });
    const told = Date.now();
    const code = await platform.stop();
    expect({ code, inTime: Date.now() - told < STOPS_WITHIN_MS }).toEqual({ code: 0, inTime: true });
    expect(complaints()).toEqual([]);
    await platform.restart();
  }
  const done = await waitForSubmission(as("SG", "analyst"), body.id, 120_000);
  expect(done.body.counts).toMatchObject({ records: rows, accepted: rows });
  expect((await as("MY").get("/v1/log?after=latest")).body.head).toBe(rows);
});

test("a start that fails stops what had begun, and says no more than why", async () => {
  const taken = new URL(platform.url).port;
  const failed = await startPlatform({ env: { PORT: taken } }).catch((error: Error) => error.message);
  expect(failed).toContain(`Port ${taken} is taken`);
  expect(failed).not.toMatch(/"level":[456]0/);
});
