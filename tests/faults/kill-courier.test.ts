import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** Short leases and a queue that finds dead workers: nobody waits a minute for a process that is gone. */
const GOES_ON_WITHIN_MS = 20_000;
const ROWS = 60;

let platform: PlatformProcess;
let server: Server;
/** Ids of the posts that came, in order, and whether the receiver answers. */
const posts: { id: string; seq: number }[] = [];
let answering = false;
/** Longer than a lease lasts, shorter than a post may. */
const SLOW_MS = 12_000;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { data } = JSON.parse(Buffer.concat(parts).toString("utf8"));
      posts.push({ id: String(request.headers["webhook-id"]), seq: data.seq });
      if (request.url === "/slow") setTimeout(() => response.writeHead(200).end(), SLOW_MS);
      else if (answering) response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  platform = await startPlatform({ env: { LOG_LEVEL: "debug" } });
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
  server.closeAllConnections();
  server.close();
});

const hookTo = async (path: string): Promise<string> => {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${path}`;
  const { status, text, body } = await reader().post("/v1/webhooks", { url, after: 0 });
  expect(status, text).toBe(201);
  return body.id;
};
const reader = () => caller(platform.url, platform.key("MY", "subscriber"));
const report = async (name: string, rows: number): Promise<void> => {
  const values = Array.from({ length: rows }, (_, row) => `h${row}.${name}.example.com`).join("\n");
  const producer = caller(platform.url, platform.key("SG", "analyst"));
  await submitAndWait(producer, "?tlp=green", `value\n${values}\n`, "text/csv");
};

test("a post that takes longer than a lease is nobody else's meanwhile", async () => {
  const id = await hookTo("/slow");
  await report("slow", 1);
  const attempts = await until(SLOW_MS + 10_000, "the attempts", async () => {
    const { body } = await reader().get(`/v1/webhooks/${id}/attempts`);
    return body.items.length === posts.length && posts.length > 0 ? body.items : undefined;
  });
  expect(attempts).toHaveLength((await wholeLog(reader())).length);
  for (const attempt of attempts) expect(attempt).toMatchObject({ number: 1, outcome: "delivered" });
  expect(attempts[0].durationMs).toBeGreaterThanOrEqual(SLOW_MS - 100);
  expect(platform.log()).not.toContain("could not renew");
  await reader().send("DELETE", `/v1/webhooks/${id}`);
  posts.length = 0;
});

test("what a killed worker had in its hands goes on soon, once more at most, under the same ids", async () => {
  await hookTo("/hook");
  await report("killed", ROWS);
  await until(20_000, "posts under way", async () => (posts.length >= 16 ? true : undefined));

  await platform.kill();
  const killed = Date.now();
  const underWay = posts.length;
  answering = true;
  await platform.restart();
  const log = await wholeLog(reader());
  const brought = () => new Set(posts.slice(underWay).map(({ seq }) => seq));
  await until(GOES_ON_WITHIN_MS, "the deliveries", async () =>
    brought().size >= log.length ? true : undefined,
  );
  console.log(
    `kill-courier: ${log.length} deliveries, of which ${underWay} under way, ${Date.now() - killed} ms after the kill`,
  );

  expect([...brought()].sort((a, b) => a - b)).toEqual(log.map(({ seq }) => seq));
  const times = Map.groupBy(posts, ({ seq }) => seq);
  for (const [seq, tries] of times) {
    expect(new Set(tries.map(({ id }) => id)).size, `ids of ${seq}`).toBe(1);
    expect(tries.length, `posts of ${seq}`).toBeLessThanOrEqual(2);
  }
});
