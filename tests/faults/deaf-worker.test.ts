import { afterAll, beforeAll, expect, test } from "vitest";
import { caller, submitAndWait, until } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** A worker of the queue that waits for an answer that never comes, as one whose connection died at the wrong moment. */
let platform: PlatformProcess;
beforeAll(async () => {
  platform = await startPlatform({ env: { NODE_OPTIONS: "--inspect=127.0.0.1:0" } });
});
afterAll(async () => await platform?.remove());

/** In the platform's process: from its next wait on, each worker there is hears nothing any more. */
const DEAFEN = `function () {
  for (const worker of this) if (worker.backend) worker.backend.waitForJob = () => new Promise(() => undefined);
  return this.length;
}`;
const WORKERS = `process.getBuiltinModule("module").createRequire("${import.meta.filename}")("bullmq").Worker.prototype`;

async function deafenWorkers(): Promise<number> {
  const url = await until(
    10_000,
    "the inspector",
    async () => /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(platform.log())?.[0],
  );
  const socket = new WebSocket(url);
  const answers = new Map<number, (result: any) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    answers.get(id)?.(result);
  };
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const call = async (method: string, params: object): Promise<any> =>
    await new Promise((resolve) => {
      const id = answers.size + 1;
      answers.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  const expression = { expression: WORKERS, includeCommandLineAPI: true };
  const { result } = await call("Runtime.evaluate", expression);
  const { objects } = await call("Runtime.queryObjects", { prototypeObjectId: result.objectId });
  const made = { objectId: objects.objectId, functionDeclaration: DEAFEN, returnByValue: true };
  const told = await call("Runtime.callFunctionOn", made);
  socket.close();
  return told.result.value;
}

test("a worker that hears nothing any more is replaced, and what waited for it is done", async () => {
  expect(await deafenWorkers()).toBeGreaterThan(2);
  // Whoever waits now was told of its jobs before: one wait ends, the next one does not.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const analyst = caller(platform.url, platform.key("SG", "analyst"));
  const { body } = await submitAndWait(analyst, "?tlp=green", "value\ndeaf.example.net\n", "text/csv");
  expect(body.status).toBe("done");
  expect(platform.log()).toContain("took nothing while jobs waited");
});
