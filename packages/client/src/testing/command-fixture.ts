import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";

const main = fileURLToPath(new URL("../command/main.ts", import.meta.url));
export const id = "5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
export const at = "2027-01-01T00:00:00Z";

type Answer =
  | { status: number; body: unknown }
  | ((body: string, url: URL, headers: IncomingHttpHeaders) => { status: number; body: unknown });

// A real server with a table of answers by "METHOD /path"; the command runs as a process of its own.
let server: Server;
export let live: WebSocketServer;
export let url: string;
export let folder: string;
export let answers: Record<string, Answer>;
let children: ChildProcess[];

export async function openFixture(): Promise<void> {
  answers = {};
  children = [];
  folder = mkdtempSync(join(tmpdir(), "suar command "));
  server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const address = new URL(request.url ?? "/", url);
    const answer = answers[`${request.method} ${address.pathname}`] ?? problem(404, "not-found");
    const { status, body: value } =
      typeof answer === "function" ? answer(body, address, request.headers) : answer;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  });
  live = new WebSocketServer({ server });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closeFixture(): void {
  for (const child of children) child.kill("SIGKILL");
  for (const socket of live.clients) socket.terminate();
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
}

export function start(args: string[], env: Record<string, string> = { SUAR_URL: url, SUAR_KEY: "suar_key" }) {
  const clean = { ...process.env, SUAR_CONFIG_DIR: join(folder, "config"), NO_COLOR: "1", ...env };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: clean,
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece) => {
    output.stdout += piece;
  });
  child.stderr.on("data", (piece) => {
    output.stderr += piece;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number, ...output }));
  return { child, output, ended };
}

export const suar = (args: string[], env?: Record<string, string>, input = "") => {
  const { child, ended } = start(args, env);
  child.stdin.end(input);
  return ended;
};
export const problem = (status: number, code: string) => ({
  status,
  body: { type: `/problems/${code}`, title: "No", status, code, detail: `because ${code}` },
});
export const me = {
  realm: "live",
  organisation: "SG",
  member: "SG",
  roles: ["analyst"],
  keyId: "k1",
  personId: null,
  expiresAt: at,
};
export const item = (seq: number, name = `bad-${seq}.example`) => ({
  seq,
  cursor: `abcdefgh.${seq}`,
  at: "2027-01-01T00:00:00.000000Z",
  realm: "live",
  kind: "released",
  tlp: "green",
  producer: "SG",
  object: { type: "indicator", id: `indicator--${seq}`, name },
});
