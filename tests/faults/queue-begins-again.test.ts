import { readFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { normalizeSubmission } from "@suar/contract";
import { createLogger, createQueue, createSecrets, handleJob, type JobQueue } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { postmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** A queue that is first used while PostgreSQL is away works all the same once that is back. */
let platform: PlatformProcess;
let queue: JobQueue;
let line: Server;
let port: number;

beforeAll(async () => {
  platform = await startPlatform();
  const server = postmaster(platform.dataDir)?.port ?? 0;
  line = createServer((client) => {
    const upstream = connect(server, "127.0.0.1");
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
  port = (line.address() as { port: number }).port;
  queue = createQueue({
    databaseUrl: `postgres://127.0.0.1:${port}/suar`,
    redisUrl: undefined,
    secrets: createSecrets(readFileSync(join(platform.dataDir, "secret"), "utf8").trim()),
    log: createLogger("silent", "test"),
  });
});
afterAll(async () => {
  await queue.close();
  line.close();
  await platform.remove();
});

test("a producer and a worker that began in vain begin again", async () => {
  await new Promise<void>((resolve) => line.close(() => resolve()));
  const [early, late] = [crypto.randomUUID(), crypto.randomUUID()];
  const done: string[] = [];
  const handler = handleJob(normalizeSubmission, async ({ submissionId }) => void done.push(submissionId));
  const worker = await queue.work("elsewhere", normalizeSubmission.queue, [handler], 1);
  const wake = async (submissionId: string): Promise<void> =>
    await queue.wake("elsewhere", normalizeSubmission, { submissionId }, submissionId);
  await wake(early);
  expect(done).toEqual([]);
  await new Promise<void>((resolve) => line.listen(port, "127.0.0.1", resolve));
  await until(15_000, "the job of a later wake", async () => {
    await wake(late);
    return done.includes(late) ? true : undefined;
  });
  expect(done).not.toContain(early);
  await worker.close();
});
