import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Item } from "@suar/contract";
import { z } from "zod";
import { jsonOr, SuarError } from "../../error.ts";
import { verifyWebhook, type WebhookEvent } from "../../verify-webhook.ts";
import { UsageError } from "../shell/exit-codes.ts";

const LARGEST_BODY = 10 * 1024 * 1024;
const REMEMBERED = 10_000;
const PASSED_ON = ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"];

/** `unverified`: there was no secret to verify with. `duplicate`: this id was taken before. */
export type Received = {
  verdict: "verified" | "unverified" | "failed" | "duplicate";
  event?: WebhookEvent;
  detail?: string;
  forwarded?: string;
};

type Options = {
  port: number;
  secrets: readonly string[];
  forwardTo: string | undefined;
  onReceived(received: Received): Promise<void>;
};

/**
 * A webhook receiver as one should be: it verifies before it reads, takes each id once (deliveries are at
 * least once), and answers with an error when it could not take the event, so that the platform tries again.
 */
export async function startReceiver(options: Options): Promise<{ port: number; close(): Promise<void> }> {
  const taken = new Set<string>();
  const server = createServer((request, response) => {
    receive(request, options, taken).then(
      (status) => answer(response, status),
      (error: unknown) => {
        process.stderr.write(`suar: ${error instanceof Error ? error.message : String(error)}\n`);
        answer(response, 500);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE"
          ? new UsageError(`port ${options.port} is taken; choose another with --port`, { cause })
          : cause,
      );
    });
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": "0" }).end();
}

async function receive(request: IncomingMessage, options: Options, taken: Set<string>): Promise<number> {
  if (request.method !== "POST") return 405;
  const body = await readBody(request);
  if (body === undefined) return 413;
  const received = judge(request, body, options.secrets);
  const id = received.event?.id ?? "";
  if (received.verdict !== "failed" && id !== "" && taken.has(id)) {
    await options.onReceived({ ...received, verdict: "duplicate" });
    return 204;
  }
  let status = received.verdict === "failed" ? 400 : 204;
  if (status === 204 && options.forwardTo !== undefined) {
    const passed = await forward(options.forwardTo, request, body);
    received.forwarded = passed.told;
    if (!passed.ok) status = 502;
  }
  // Only what was taken is remembered: what failed on the way comes again under the same id.
  if (status === 204 && id !== "") remember(taken, id);
  await options.onReceived(received);
  return status;
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > LARGEST_BODY) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const Loose = z.object({ type: z.string(), timestamp: z.string(), data: z.unknown() });

function judge(request: IncomingMessage, body: Buffer, secrets: readonly string[]): Received {
  if (secrets.length === 0) {
    const parsed = Loose.safeParse(jsonOr(body.toString("utf8"), undefined));
    if (!parsed.success) return { verdict: "failed", detail: "the body is no event" };
    const { type, timestamp, data } = parsed.data;
    const id = String(request.headers["webhook-id"] ?? "");
    return { verdict: "unverified", event: { id, type, timestamp, item: Item.safeParse(data).data } };
  }
  try {
    return { verdict: "verified", event: verifyWebhook(request.headers, body, secrets) };
  } catch (error) {
    if (!(error instanceof SuarError)) throw error;
    return { verdict: "failed", detail: error.message };
  }
}

async function forward(
  url: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<{ ok: boolean; told: string }> {
  const headers = Object.fromEntries(PASSED_ON.map((name) => [name, String(request.headers[name] ?? "")]));
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(15_000),
    });
    return { ok: response.ok, told: `HTTP ${response.status}` };
  } catch (cause) {
    // Told in the line that is printed, and to the platform by the status.
    return { ok: false, told: cause instanceof Error ? cause.message : String(cause) };
  }
}

function remember(taken: Set<string>, id: string): void {
  taken.add(id);
  const [oldest] = taken;
  if (taken.size > REMEMBERED && oldest !== undefined) taken.delete(oldest);
}
