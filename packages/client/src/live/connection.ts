import type { IncomingMessage } from "node:http";
import { type After, type Filter, LIVE_PROTOCOL, ServerMessage } from "@suar/contract";
import { WebSocket } from "ws";
import { errorOf, jsonOr, networkError, SuarError } from "../error.ts";

const HIGH = 512;
const LOW = 128;
const HANDSHAKE_MS = 10_000;
const LARGEST_FRAME = 64 * 1024 * 1024;
const LARGEST_REFUSAL = 64 * 1024;

export type LiveTarget = { url: string; key: string | undefined };
export type Subscription = { after: After; filter: Filter };

/** How a connection ended: by a close frame (or without one, 1006), or before or outside of the protocol. */
export type Ended = { op: "closed"; code: number; reason: string } | { op: "failed"; error: SuarError };

/**
 * One WebSocket of `GET /v1/live`, read one message at a time. The socket is paused while its reader is
 * behind, so that a slow reader costs the server's log a re-read and this process no memory. A peer that
 * neither speaks nor answers pings for three heartbeats is taken for dead.
 */
export class LiveConnection {
  readonly #socket: WebSocket;
  readonly #waiting: ServerMessage[] = [];
  readonly #heartbeat: NodeJS.Timeout;
  #ended: Ended | undefined;
  #wake: (() => void) | undefined;
  /** Heartbeats since the peer was last heard; counted, not timed, so that a stall of ours is not held against it. */
  #unanswered = 0;

  constructor({ url, key }: LiveTarget, subscription: Subscription, heartbeatMs: number) {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const address = `${url.replace(/^http/, "ws")}/v1/live`;
    const options = { headers, handshakeTimeout: HANDSHAKE_MS, maxPayload: LARGEST_FRAME };
    this.#socket = new WebSocket(address, [LIVE_PROTOCOL], options);
    this.#socket.on("open", () => this.#socket.send(JSON.stringify({ op: "subscribe", ...subscription })));
    this.#socket.on("message", (data, isBinary) => this.#receive(isBinary ? "" : data.toString()));
    this.#socket.on("pong", () => this.#hear());
    this.#socket.on("ping", () => this.#hear());
    this.#socket.on("unexpected-response", (request, response) => {
      readRefusal(response).then(
        (error) => {
          request.destroy();
          this.#end({ op: "failed", error });
        },
        (cause) => this.#end({ op: "failed", error: networkError(url, cause) }),
      );
    });
    this.#socket.on("error", (cause) => this.#end({ op: "failed", error: networkError(url, cause) }));
    this.#socket.on("close", (code, reason) => this.#end({ op: "closed", code, reason: reason.toString() }));
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
  }

  /** The next message in order; after the last one, how it ended. */
  async next(): Promise<ServerMessage | Ended> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) {
        if (this.#socket.isPaused && this.#waiting.length <= LOW) this.#resume();
        return message;
      }
      if (this.#ended !== undefined) return this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#end({ op: "closed", code: 1000, reason: "" });
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(1000);
    // A peer that does not answer the close frame must not keep the process alive.
    setTimeout(() => this.#socket.terminate(), 1_000).unref();
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.terminate();
  }

  #receive(text: string): void {
    this.#hear();
    const value = jsonOr(text, undefined);
    const parsed = ServerMessage.safeParse(value);
    if (parsed.success) this.#waiting.push(parsed.data);
    else if (isEvent(value)) {
      // An unknown op is skipped, but an event that cannot be read is never silently lost.
      this.#end({
        op: "failed",
        error: new SuarError(
          "unexpected-reply",
          "the live log sent an event that does not fit the contract",
          { cause: parsed.error },
        ),
      });
      this.#socket.terminate();
    }
    if (this.#waiting.length >= HIGH && !this.#socket.isPaused) this.#socket.pause();
    this.#wake?.();
  }

  #resume(): void {
    this.#unanswered = 0;
    this.#socket.resume();
  }

  #hear(): void {
    this.#unanswered = 0;
  }

  #beat(): void {
    // While we do not read, silence is ours.
    if (this.#socket.isPaused || this.#socket.readyState !== WebSocket.OPEN) return;
    if (++this.#unanswered > 3) this.#socket.terminate();
    else this.#socket.ping();
  }

  /** The first reason counts: an error is followed by a close that says less. */
  #end(ended: Ended): void {
    this.#ended ??= ended;
    clearInterval(this.#heartbeat);
    this.#wake?.();
  }
}

async function readRefusal(response: IncomingMessage): Promise<SuarError> {
  let body = "";
  for await (const piece of response) {
    body += String(piece);
    if (body.length > LARGEST_REFUSAL) break;
  }
  const headers = new Headers();
  for (const name of ["retry-after", "x-request-id"]) {
    const value = response.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  return errorOf(response.statusCode ?? 500, headers, body);
}

function isEvent(value: unknown): boolean {
  return typeof value === "object" && value !== null && "op" in value && value.op === "event";
}
