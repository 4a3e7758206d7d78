import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else's web server: files by their paths, with or without what tells that they have not changed. */
export type FileServer = {
  url: string;
  files: Map<string, string>;
  /** Paths that were asked for, and what was answered, in their order. */
  asked: { path: string; status: number }[];
  type: string;
  /** Whether it says ETag, and heeds If-None-Match. */
  hasTags: boolean;
  /** Asked before it answers as it should: true where a test answers itself. */
  answer(decide: (request: IncomingMessage, response: ServerResponse) => boolean): void;
  close(): Promise<void>;
};

export async function startFileServer(): Promise<FileServer> {
  let decide: Parameters<FileServer["answer"]>[0] = () => false;
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    response.once("finish", () => shown.asked.push({ path, status: response.statusCode }));
    if (decide(request, response)) return;
    const text = shown.files.get(path);
    if (text === undefined) return void response.writeHead(404).end();
    const etag = `"${createHash("sha256").update(text).digest("hex")}"`;
    const tags = shown.hasTags ? { etag } : undefined;
    if (shown.hasTags && request.headers["if-none-match"] === etag)
      return void response.writeHead(304, tags).end();
    response.writeHead(200, { "content-type": shown.type, ...tags }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const shown: FileServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: new Map(),
    asked: [],
    type: "application/octet-stream",
    hasTags: true,
    answer: (next) => {
      decide = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return shown;
}
