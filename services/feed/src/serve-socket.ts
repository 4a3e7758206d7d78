import { AppError, CLOSE, ClientMessage, formatCursor, type ServerMessage } from "@suar/contract";
import { resolveAfter } from "@suar/log";
import { describeProblem, type OrganisationCaller } from "@suar/runtime";
import type { FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { webSocketLine } from "./web-socket-line.ts";

const PING_EVERY_MS = 25_000;
const SUBSCRIBE_WITHIN_MS = 10_000;

/** Serves one WebSocket of `GET /v1/live`, from its first message to its end. */
export function serveSocket(hub: Hub, socket: WebSocket, request: FastifyRequest): void {
  const caller = request.principal as OrganisationCaller;
  let connection: Connection | undefined;
  let left = false;
  const line = webSocketLine(socket, caller.realm, () => connection?.advance());
  const say = (message: ServerMessage): void => socket.send(JSON.stringify(message));
  const subscribe = async (message: Extract<ClientMessage, { op: "subscribe" }>): Promise<void> => {
    const { id: organisationId } = caller.organisation;
    const tail = await hub.tail(caller.realm);
    const matches = await tail.filterFor(message.filter, organisationId);
    if (left) return;
    const after = resolveAfter(message.after, tail.head);
    line.sendSubscribed(tail.head.seq, after, tail.head.epoch);
    if (connection === undefined) {
      connection = hub.add({ principal: caller, organisationId, line, matches, after });
      connection.advance();
    } else connection.refilter(matches, after);
  };
  const answer = async (data: Buffer, isBinary: boolean): Promise<void> => {
    if (left) return;
    const message = parseMessage(data, isBinary);
    if (message.op === "ping") say({ op: "pong" });
    else await subscribe(message);
  };
  const impatience = setTimeout(() => {
    if (connection !== undefined) return;
    leave();
    refuse(socket, new AppError("bad-request", "Send {op: subscribe} within ten seconds"));
  }, SUBSCRIBE_WITHIN_MS);
  const stopBeating = beat(socket);
  // Nothing may follow a close frame, whoever sent it: the reader is let go before its socket is.
  const leave = (): void => {
    left = true;
    clearTimeout(impatience);
    stopBeating();
    if (connection !== undefined) hub.remove(connection);
  };
  // One after the other: the answer to a message never overtakes the one before.
  let turn: Promise<void> = Promise.resolve();
  socket.on("message", (data, isBinary) => {
    turn = turn
      .then(async () => await answer(data as Buffer, isBinary))
      .catch(async (error: unknown) => {
        leave();
        refuse(socket, error, await oldestOf(hub, caller.realm));
      });
  });
  socket.once("close", leave);
  socket.once("error", leave);
}

/**
 * A client that breaks the protocol is answered by `ws` itself, with a close code of RFC 6455. It is the
 * client's own affair: a line for whoever looks for it, and none that a stranger could flood a log with.
 */
export function noteBrokenSocket(error: Error, socket: WebSocket, request: FastifyRequest): void {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith("WS_ERR_") === true) {
    request.log.debug({ code, reason: message }, "a live client broke the protocol");
    return;
  }
  request.log.error({ err: error }, "a live connection could not be served");
  socket.close(CLOSE.internal);
}

function parseMessage(data: Buffer, isBinary: boolean): ClientMessage {
  if (isBinary) throw new AppError("bad-request", "Messages are JSON text");
  let value: unknown;
  try {
    value = JSON.parse(data.toString("utf8"));
  } catch (cause) {
    throw new AppError("malformed-json", "The message is not JSON", { cause });
  }
  const parsed = ClientMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  const inFilter = parsed.error.issues.some((issue) => issue.path[0] === "filter");
  throw new AppError(inFilter ? "bad-filter" : "bad-request", parsed.error.issues[0]?.message, {
    cause: parsed.error,
  });
}

/** The cursor before the first entry, for readers that have to begin again. */
async function oldestOf(hub: Hub, realm: string): Promise<string> {
  const tail = await hub.tail(realm).catch(() => undefined); // a realm that is gone has no beginning
  return tail === undefined ? "0" : formatCursor({ epoch: tail.head.epoch, seq: 0 });
}

/** Says what was wrong, then closes: with a code that means "do not retry", unless it is our own trouble. */
function refuse(socket: WebSocket, error: unknown, oldest = "0"): void {
  const { code, detail } = describeProblem(error);
  if (code === "cursor-reset") {
    // The log was restored: the reader is told where the new one begins.
    socket.send(JSON.stringify({ op: "reset", reason: "epoch", oldest }));
    socket.close(CLOSE.reset, code);
    return;
  }
  socket.send(JSON.stringify({ op: "error", code, ...(detail !== undefined && { detail }) }));
  const ours = code === "unavailable" || code === "internal";
  socket.close(ours ? CLOSE.shuttingDown : CLOSE.badMessage, code);
}

/** Pings; two that stay without an answer end the connection. */
function beat(socket: WebSocket): () => void {
  let missed = 0;
  socket.on("pong", () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    missed += 1;
    if (missed > 2) socket.terminate();
    else socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}
