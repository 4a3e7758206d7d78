import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Chance } from "./seeded-random.ts";

type FlakyPost = { id: string; seq: number | undefined; how: How };
type How = "answered" | "error" | "hung-up" | "silent";

/**
 * A webhook receiver that fails now and then: with 500, by hanging up, or by never answering. A message fails
 * once at most, so that a run ends within the first retries.
 */
export type FlakyReceiver = {
  url: string;
  posts: FlakyPost[];
  /** Message ids of each seq that was answered with 200. */
  answered(): Map<number, Set<string>>;
  close(): Promise<void>;
};

export type FlakyRates = { error: number; hangUp: number; silence: number };

export async function startFlakyReceiver(chance: Chance, rates: FlakyRates): Promise<FlakyReceiver> {
  const posts: FlakyPost[] = [];
  const failed = new Set<string>();
  const choose = (id: string): How => {
    if (failed.has(id)) return "answered";
    const drawn = chance.next();
    if (drawn < rates.error) return "error";
    if (drawn < rates.error + rates.hangUp) return "hung-up";
    return drawn < rates.error + rates.hangUp + rates.silence ? "silent" : "answered";
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { data } = JSON.parse(Buffer.concat(parts).toString("utf8")) as { data: { seq?: number } };
    const id = String(request.headers["webhook-id"]);
    const how = choose(id);
    posts.push({ id, seq: data.seq, how });
    if (how !== "answered") failed.add(id);
    if (how === "answered") response.writeHead(200).end();
    else if (how === "error") response.writeHead(500).end();
    else if (how === "hung-up") request.socket.destroy();
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy()); // the sender was killed half-way
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    posts,
    answered: () => {
      const bySeq = new Map<number, Set<string>>();
      for (const { id, seq, how } of posts) {
        if (how !== "answered" || seq === undefined) continue;
        bySeq.set(seq, (bySeq.get(seq) ?? new Set()).add(id));
      }
      return bySeq;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
