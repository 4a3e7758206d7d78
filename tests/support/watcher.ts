import { WebSocket } from "ws";

/** An item as it came, with the text of its message. */
export type WatchedItem = { seq: number; cursor: string; at: string; object: { id: string; type: string } };

/** A reader that never gives up: whatever ends its connection, it comes back with its last cursor. */
export type Watcher = {
  items: WatchedItem[];
  /** Connections that were subscribed. */
  connections(): number;
  cursor(): string | 0;
  /** `reset` and `error` messages: a reader with a good cursor gets none. */
  complaints: unknown[];
  stop(): void;
};

const AGAIN_AFTER_MS = 50;

export function startWatcher(url: string, key: string, filter: object = {}): Watcher {
  const items: WatchedItem[] = [];
  const complaints: unknown[] = [];
  let cursor: string | 0 = 0;
  let connections = 0;
  let stopped = false;
  let socket: WebSocket | undefined;
  const take = (text: string): void => {
    const message = JSON.parse(text) as { op: string; cursor?: string };
    if (message.op === "subscribed") connections += 1;
    if (message.op === "reset" || message.op === "error") complaints.push(message);
    if (message.op === "event") {
      const { op: _op, ...item } = message;
      items.push(item as unknown as WatchedItem);
    }
    if (message.cursor !== undefined) cursor = message.cursor;
  };
  const connect = (): void => {
    if (stopped) return;
    const mine = new WebSocket(`${url.replace("http", "ws")}/v1/live`, "suar.v1", {
      headers: { authorization: `Bearer ${key}` },
      handshakeTimeout: 10_000,
    });
    socket = mine;
    mine.on("open", () => mine.send(JSON.stringify({ op: "subscribe", after: cursor, filter })));
    mine.on("message", (data) => take(data.toString()));
    mine.on("error", () => undefined); // the platform is away; `close` follows
    mine.on("close", () => setTimeout(connect, AGAIN_AFTER_MS));
  };
  connect();
  return {
    items,
    complaints,
    connections: () => connections,
    cursor: () => cursor,
    stop: () => {
      stopped = true;
      socket?.terminate();
    },
  };
}
