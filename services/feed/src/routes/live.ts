import websocket from "@fastify/websocket";
import {
  AppError,
  CLOSE,
  ClientMessage,
  filterFromQuery,
  formatCursor,
  LIVE_PROTOCOL,
  live,
  type Principal,
  type ServerMessage,
} from "@suar/contract";
import { compileFilter, resolveAfter } from "@suar/log";
import {
  describeProblem,
  type OrganisationCaller,
  type Platform,
  placesOf,
  requireOrganisation,
  requireRole,
} from "@suar/runtime";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { ZodError, type z } from "zod";
import type { Connection } from "../connection.ts";
import type { Hub } from "../hub.ts";
import { sseLine } from "../sse-line.ts";
import { redeemTicket } from "../store/live-ticket.ts";
import { webSocketLine } from "../web-socket-line.ts";
import { TICKET_PURPOSE } from "./tickets.ts";

const LARGEST_MESSAGE = 64 * 1024;
const PING_EVERY_MS = 25_000;
const SUBSCRIBE_WITHIN_MS = 10_000;

type LiveQuery = z.output<NonNullable<typeof live.query>>;

/** `GET /v1/live`: WebSocket and SSE at one address. */
export async function registerLive(app: FastifyInstance, platform: Platform, hub: Hub): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: LARGEST_MESSAGE,
      perMessageDeflate: false,
      handleProtocols: (protocols: Set<string>) => (protocols.has(LIVE_PROTOCOL) ? LIVE_PROTOCOL : false),
    },
  });
  await app.register(async (scope) => {
    scope.route({
      method: "GET",
      url: live.path,
      schema: { querystring: live.query },
      onRequest: async (request) => {
        request.principal = await principalOf(platform, request);
      },
      handler: async (request, reply) => await serveEvents(platform, hub, request, reply),
      wsHandler: (socket, request) => serveSocket(platform, hub, socket, request),
    });
  });
}

async function principalOf(platform: Platform, request: FastifyRequest): Promise<Principal> {
  const ticket = new URL(request.url, "http://suar").searchParams.get("ticket");
  const principal =
    ticket === null
      ? await platform.authenticator.principal(request.headers.authorization)
      : await principalOfTicket(platform, ticket);
  requireRole(principal, live.roles as readonly string[]);
  return requireOrganisation(principal);
}

async function principalOfTicket(platform: Platform, ticket: string): Promise<Principal> {
  const keyId = await redeemTicket(platform.core, platform.secrets.hmac(TICKET_PURPOSE, ticket));
  const principal =
    keyId === undefined ? undefined : (await platform.authenticator.current([keyId])).get(keyId);
  if (principal === undefined)
    throw new AppError("unauthenticated", "The ticket was used, or is older than 30 seconds");
  return principal;
}

async function serveEvents(
  platform: Platform,
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = request.principal as OrganisationCaller;
  if (!/text\/event-stream|\*\/\*/.test(request.headers.accept ?? "*/*")) {
    throw new AppError(
      "not-acceptable",
      "Ask for text/event-stream, or upgrade to a WebSocket with the subprotocol suar.v1",
    );
  }
  const query = request.query as LiveQuery;
  const resume = request.headers["last-event-id"];
  const tail = await hub.tail(caller.realm);
  const after = resolveAfter(
    typeof resume === "string" && resume !== "" ? resume : (query.after ?? "latest"),
    tail.head,
  );
  const matches = filterOf(() => filterFromQuery(query));
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    connection: "keep-alive",
  });
  let connection: Connection | undefined;
  const line = sseLine(response, caller.realm, () => connection?.advance());
  response.write(`event: subscribed\ndata: ${JSON.stringify({ op: "subscribed", head: tail.head.seq })}\n\n`);
  connection = hub.add({ principal: caller, organisationId: caller.organisation.id, line, matches, after });
  const added = connection;
  const beat = setInterval(() => response.write(": still here\n\n"), PING_EVERY_MS);
  response.on("close", () => {
    clearInterval(beat);
    hub.remove(added);
  });
  response.on("error", (error) => platform.log.debug({ err: error }, "event stream broke"));
  added.advance();
  return reply;
}

function filterOf(parse: () => Parameters<typeof compileFilter>[0]) {
  try {
    return compileFilter(parse());
  } catch (error) {
    if (error instanceof ZodError)
      throw new AppError("bad-filter", "See errors", { errors: placesOf(error) });
    throw error;
  }
}

function serveSocket(platform: Platform, hub: Hub, socket: WebSocket, request: FastifyRequest): void {
  const caller = request.principal as OrganisationCaller;
  let connection: Connection | undefined;
  let closed = false;
  const line = webSocketLine(socket, caller.realm, () => connection?.advance());
  const say = (message: ServerMessage): void => socket.send(JSON.stringify(message));
  const subscribe = async (message: Extract<ClientMessage, { op: "subscribe" }>): Promise<void> => {
    const tail = await hub.tail(caller.realm);
    if (closed) return;
    const after = resolveAfter(message.after, tail.head);
    const matches = compileFilter(message.filter);
    say({ op: "subscribed", head: tail.head.seq });
    if (connection === undefined) {
      const { id: organisationId } = caller.organisation;
      connection = hub.add({ principal: caller, organisationId, line, matches, after });
      connection.advance();
    } else connection.refilter(matches, after);
  };
  const answer = async (data: Buffer, isBinary: boolean): Promise<void> => {
    const message = parseMessage(data, isBinary);
    if (message.op === "ping") say({ op: "pong" });
    else await subscribe(message);
  };
  const impatience = setTimeout(() => {
    if (connection === undefined)
      refuse(socket, new AppError("bad-request", "Send {op: subscribe} within ten seconds"));
  }, SUBSCRIBE_WITHIN_MS);
  const stopBeating = beat(socket);
  // One after the other: the answer to a message never overtakes the one before.
  let turn: Promise<void> = Promise.resolve();
  socket.on("message", (data, isBinary) => {
    turn = turn
      .then(async () => await answer(data as Buffer, isBinary))
      .catch(async (error: unknown) => refuse(socket, error, await oldestOf(hub, caller.realm)));
  });
  socket.on("close", () => {
    closed = true;
    clearTimeout(impatience);
    stopBeating();
    if (connection !== undefined) hub.remove(connection);
  });
  socket.on("error", (error) => platform.log.debug({ err: error }, "live connection broke"));
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
