import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const [SCRIPT, EXAMPLE] = ["serve-fixture.ts", "fixture.example.json"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
) as [string, string];

let folder = "";
let busy: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "suar-fixture-"));
  busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => busy.close(resolve));
  rmSync(folder, { recursive: true });
});

async function refused(...args: string[]): Promise<{ code: unknown; stderr: string }> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
}

const written = (content: string): string => {
  const file = join(folder, `${content.length}.json`);
  writeFileSync(file, content);
  return file;
};
const portOf = (server: Server): string => String((server.address() as { port: number }).port);

const LINE = /^[^\n]+\n$/;

test.concurrent.each<[string, () => string[], RegExp]>([
  ["a file that is not there", () => ["absent.json"], /absent\.json/],
  ["a file that is no JSON", () => [written("{")], /JSON/],
  ["a file that is no fixture", () => [written('{"discovery":{}}')], /no fixture: \/\w+/],
  ["a port that is taken", () => [EXAMPLE, "--port", portOf(busy)], /EADDRINUSE/],
])("tells of %s in a line", async (_what, args, message) => {
  const { code, stderr } = await refused(...args());
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(LINE) });
  expect(stderr).toMatch(message);
});

test.concurrent.each<[string, string[]]>([
  ["a user without a secret", ["--user", "ab"]],
  ["a port beyond all ports", ["--port", "65536"]],
  ["a port that is none", ["--port", "x"]],
  ["an option that it has not", ["--users", "a:b"]],
])("does not start with %s", async (_what, args) => {
  const { code, stderr } = await refused(EXAMPLE, ...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(LINE) });
});
