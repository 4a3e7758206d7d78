import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "./api.ts";

/** A webhook receiver: keeps what it was sent, answers as told. */
export type Received = { headers: IncomingHttpHeaders; body: string; json: any; at: number };
export type Receiver = {
  url: string;
  received: Received[];
  /** The status of the next answers; 200 unless told. */
  answer(decide: (request: Received) => number): void;
  waitFor(count: number, withinMs?: number): Promise<Received[]>;
  close(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let decide: (request: Received) => number = () => 200;
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      const one = { headers: request.headers, body, json: JSON.parse(body), at: Date.now() };
      const status = decide(one);
      received.push(one);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: (next) => {
      decide = next;
    },
    waitFor: async (count, withinMs = 60_000) =>
      await until(withinMs, `${count} webhooks`, async () =>
        received.length >= count ? received : undefined,
      ),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
