import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import type { Answer } from "./api.ts";

export type RawRequest = {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  /** Sent in chunks, without a length. */
  chunks?: readonly (string | Uint8Array)[];
};

/** A request below `fetch`: bodies of unannounced length, upgrades, any method and header. */
export async function rawRequest(
  url: string,
  { method = "GET", path, headers = {}, chunks = [] }: RawRequest,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return await new Promise<Answer>((resolve, reject) => {
    // The path goes out as it is written: no client normalizes it.
    const sent = request({ hostname, port, method, path, headers, agent: false });
    let answered = false;
    sent.on("response", (response) => {
      answered = true;
      read(response).then(resolve, reject);
    });
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(answerOf(response, ""));
    });
    // The server may answer and hang up before it was told everything.
    sent.on("error", (error) => {
      if (!answered) reject(error);
    });
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part as Buffer);
  } catch {
    // Cut off after the head: what came is judged.
  }
  return answerOf(response, Buffer.concat(parts).toString("utf8"));
}

function answerOf(response: IncomingMessage, text: string): Answer {
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.statusCode ?? 0, body, text, headers };
}

/** Writes bytes to the port as they are, and reads what comes until the server hangs up or falls silent. */
export async function rawBytes(
  url: string,
  bytes: string | Uint8Array,
  silentAfterMs = 1_000,
): Promise<string> {
  const { hostname, port } = new URL(url);
  return await new Promise<string>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let answer = "";
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(silentAfterMs, done);
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    socket.on("error", done);
    socket.on("close", done);
    socket.write(bytes);
  });
}

/** The head of a WebSocket handshake. */
export const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-protocol": "suar.v1",
};
