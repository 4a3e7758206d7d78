import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { answerParent } from "./child.ts";
import { now } from "./statistics.ts";

/**
 * A thousand readers in a process of their own. They look at frame headers and the first bytes only, so that the
 * reading costs little and the sender is what is measured.
 */
type Question =
  | { ask: "open"; url: string; headers: string[]; first: string; readers: number }
  | { ask: "expect"; group: number; events: number };

type Group = {
  readers: Socket[];
  counts: number[];
  wanted: number;
  behind: number;
  done: (() => void) | undefined;
};

const groups: Group[] = [];
const OPEN_AT_ONCE = 50;

answerParent<Question>(async (question) => {
  if (question.ask === "open") return await openGroup(question);
  const group = groups[question.group];
  if (group === undefined) throw new Error("no such group");
  const counts = group.counts;
  for (let index = 0; index < counts.length; index++) counts[index] = 0;
  group.wanted = question.events;
  group.behind = counts.length;
  await new Promise<void>((resolve) => {
    group.done = resolve;
  });
  return { at: now() };
});

async function openGroup({
  url,
  headers,
  first,
  readers,
}: Extract<Question, { ask: "open" }>): Promise<{ group: number }> {
  const group: Group = {
    readers: [],
    counts: new Array<number>(readers).fill(0),
    wanted: 0,
    behind: 0,
    done: undefined,
  };
  groups.push(group);
  for (let from = 0; from < readers; from += OPEN_AT_ONCE) {
    const some = Array.from({ length: Math.min(OPEN_AT_ONCE, readers - from) }, (_, index) =>
      openReader(group, from + index, url, headers, first),
    );
    group.readers.push(...(await Promise.all(some)));
  }
  return { group: groups.length - 1 };
}

async function openReader(
  group: Group,
  index: number,
  url: string,
  headers: readonly string[],
  first: string,
): Promise<Socket> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      ...headers,
      "",
      "",
    ].join("\r\n"),
  );
  const frames = new FrameCounter(socket, () => count(group, index));
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.on("data", (chunk: Buffer) => {
      if (frames.take(chunk)) resolve();
    });
    socket.once("close", () => reject(new Error("the server closed a reader")));
  });
  if (first !== "") socket.write(maskedText(first));
  return socket;
}

function count(group: Group, index: number): void {
  const seen = (group.counts[index] ?? 0) + 1;
  group.counts[index] = seen;
  if (seen !== group.wanted) return;
  group.behind -= 1;
  if (group.behind === 0) group.done?.();
}

/** `{"op":"event"`: the letter that tells an event from what else the server says. */
const TELLING = 8;
const EVENT = "v".charCodeAt(0);

class FrameCounter {
  readonly #socket: Socket;
  readonly #event: () => void;
  #upgraded = false;
  #left = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, event: () => void) {
    this.#socket = socket;
    this.#event = event;
  }

  /** True once the connection is a WebSocket. */
  take(chunk: Buffer): boolean {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    if (!this.#upgraded) {
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) {
        this.#rest = data;
        return false;
      }
      if (!data.subarray(0, 12).toString("latin1").endsWith("101"))
        throw new Error(data.subarray(0, 200).toString("latin1"));
      this.#upgraded = true;
      data = data.subarray(end + 4);
    }
    this.#walk(data);
    return true;
  }

  #walk(data: Buffer): void {
    let at = Math.min(this.#left, data.length);
    this.#left -= at;
    while (at < data.length) {
      const frame = frameAt(data, at);
      if (frame === undefined) {
        this.#rest = Buffer.from(data.subarray(at));
        return;
      }
      if (frame.opcode === 9) this.#socket.write(PONG);
      if (frame.opcode === 1 && data[frame.body + TELLING] === EVENT) this.#event();
      const end = frame.body + frame.length;
      this.#left = Math.max(0, end - data.length);
      at = end;
    }
  }
}

/** A server's frame is not masked. Undefined while its header and telling byte are not all there. */
function frameAt(data: Buffer, at: number): { opcode: number; body: number; length: number } | undefined {
  const [head, short] = [data[at], data[at + 1]];
  if (head === undefined || short === undefined || data.length < at + 10) return whole(data, at, head, short);
  const opcode = head & 15;
  if (short < 126) return known(data, opcode, at + 2, short);
  if (short === 126) return known(data, opcode, at + 4, data.readUInt16BE(at + 2));
  return known(data, opcode, at + 10, Number(data.readBigUInt64BE(at + 2)));
}

function known(data: Buffer, opcode: number, body: number, length: number) {
  return data.length >= body + Math.min(length, TELLING + 1) ? { opcode, body, length } : undefined;
}

/** Short frames at the very end: pings, pongs. */
function whole(data: Buffer, at: number, head: number | undefined, short: number | undefined) {
  if (head === undefined || short === undefined || short >= 126) return undefined;
  return data.length >= at + 2 + short ? { opcode: head & 15, body: at + 2, length: short } : undefined;
}

const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A client's frame is masked; a mask of zeros changes nothing. */
function maskedText(text: string): Buffer {
  const body = Buffer.from(text);
  if (body.length >= 126) throw new Error("too long for this reader");
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}
