import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** Which service answers a path: the first pattern that fits, else the default. */
export type Routes = { patterns: { pattern: RegExp; service: string }[]; fallback: string };

/** Reads the routing table, the `map $uri $service`, out of the configuration that nginx runs with. */
export function readRoutes(path: string): Routes {
  const table = /map \$uri \$service \{([^}]*)\}/.exec(readFileSync(path, "utf8"))?.[1];
  if (table === undefined) throw new Error(`${path} holds no map from $uri to $service`);
  const lines = [...table.matchAll(/^\s*(default|~\S+)\s+([\w-]+);/gm)];
  const fallback = lines.find(([, key]) => key === "default")?.[2];
  if (fallback === undefined) throw new Error(`${path} names no default service`);
  const patterns = lines.flatMap(([, key = "", service = ""]) =>
    key.startsWith("~") ? [{ pattern: new RegExp(key.slice(1)), service }] : [],
  );
  return { patterns, fallback };
}

export function serviceOf(routes: Routes, path: string): string {
  return routes.patterns.find(({ pattern }) => pattern.test(path))?.service ?? routes.fallback;
}

export type Proxy = { url: string; close(): Promise<void> };
type Replica = { port: number };

/**
 * A reverse proxy that does what docker/nginx.conf says: routes by path, takes replicas in turn, hands bodies
 * on as they come, and lets a WebSocket through.
 */
export async function startProxy(
  port: number,
  routes: Routes,
  replicas: ReadonlyMap<string, readonly Replica[]>,
): Promise<Proxy> {
  const turns = new Map<string, number>();
  const next = (url: string | undefined): Replica | undefined => {
    const service = serviceOf(routes, new URL(url ?? "/", "http://proxy").pathname);
    const turn = turns.get(service) ?? 0;
    turns.set(service, turn + 1);
    const running = replicas.get(service) ?? [];
    return running[turn % running.length];
  };
  const server = createServer((incoming, answer) => passRequest(next(incoming.url), incoming, answer));
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
    passUpgrade(next(incoming.url), incoming, socket, head),
  );
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function passRequest(replica: Replica | undefined, incoming: IncomingMessage, answer: ServerResponse): void {
  const refuse = (): void => {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end();
  };
  if (replica === undefined) {
    refuse();
    return;
  }
  const headers = { ...incoming.headers, "x-forwarded-for": incoming.socket.remoteAddress };
  const outgoing = request({
    host: "127.0.0.1",
    port: replica.port,
    method: incoming.method,
    path: incoming.url,
    headers,
  });
  outgoing.on("response", (response) => {
    answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
    answer.flushHeaders();
    response.pipe(answer);
    response.on("error", () => answer.destroy());
  });
  outgoing.on("error", refuse);
  answer.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function passUpgrade(
  replica: Replica | undefined,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  if (replica === undefined) {
    socket.destroy();
    return;
  }
  const upstream = connect(replica.port, "127.0.0.1", () => {
    const lines: string[] = [];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
    }
    upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  // Either side that breaks takes the other along.
  upstream.on("error", () => socket.destroy());
  upstream.on("close", () => socket.destroy());
  socket.on("error", () => upstream.destroy());
  socket.on("close", () => upstream.destroy());
}
