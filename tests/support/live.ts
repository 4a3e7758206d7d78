import { WebSocket } from "ws";
import { until } from "./api.ts";

/** A bare WebSocket reader: sees every message as it comes. */
export type LiveReader = {
  messages: any[];
  events: any[];
  closed: Promise<{ code: number; reason: string }>;
  send(message: unknown): void;
  sendText(text: string | Buffer): void;
  waitFor(what: string, find: (messages: any[]) => unknown, withinMs?: number): Promise<any>;
  close(): void;
};

export async function openLive(
  url: string,
  key: string | undefined,
  subscribe?: object,
  query = "",
): Promise<LiveReader> {
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/v1/live${query}`,
    "suar.v1",
    key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } },
  );
  const messages: any[] = [];
  const events: any[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(data.toString());
    messages.push(message);
    if (message.op === "event") events.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  if (subscribe !== undefined) socket.send(JSON.stringify({ op: "subscribe", ...subscribe }));
  return {
    messages,
    events,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    waitFor: async (what, find, withinMs = 60_000) =>
      await until(withinMs, what, async () => {
        const found = find(messages);
        return found === false || found === undefined ? undefined : found;
      }),
    close: () => socket.close(),
  };
}
