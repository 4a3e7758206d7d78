import websocket from "@fastify/websocket";
import {
  AppError,
  type Filter,
  filterFromQuery,
  LARGEST_MESSAGE,
  LIVE_PROTOCOL,
  live,
  type Principal,
} from "@suar/contract";
import { resolveAfter } from "@suar/log";
import {
  type OrganisationCaller,
  type Platform,
  placesOf,
  requireOrganisation,
  requireRole,
} from "@suar/runtime";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ZodError, type z } from "zod";
import type { Connection } from "../connection.ts";
import type { Hub } from "../hub.ts";
import { noteBrokenSocket, serveSocket } from "../serve-socket.ts";
import { sseLine } from "../sse-line.ts";
import { redeemTicket } from "../store/live-ticket.ts";
import { TICKET_PURPOSE } from "./tickets.ts";

const BEAT_EVERY_MS = 25_000;
const LAST_WORDS_MS = 1_000;

type LiveQuery = z.output<NonNullable<typeof live.query>>;

/** `GET /v1/live`: WebSocket and SSE at one address. */
export async function registerLive(app: FastifyInstance, platform: Platform, hub: Hub): Promise<void> {
  await app.register(websocket, {
    errorHandler: noteBrokenSocket,
    options: {
      maxPayload: LARGEST_MESSAGE,
      perMessageDeflate: false,
      handleProtocols: (protocols: Set<string>) => (protocols.has(LIVE_PROTOCOL) ? LIVE_PROTOCOL : false),
    },
  });
  // Whoever does not answer our close, or never subscribed, holds no stop up.
  app.addHook("preClose", async () => {
    const cut = (): void => app.websocketServer.clients.forEach((client) => void client.terminate());
    setTimeout(cut, LAST_WORDS_MS).unref();
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
      wsHandler: (socket, request) => serveSocket(hub, socket, request),
    });
  });
}

async function principalOf(platform: Platform, request: FastifyRequest): Promise<Principal> {
  const ticket = new URL(request.url, "http://suar").searchParams.get("ticket");
  const principal =
    ticket === null
      ? await platform.authenticator.principal(request.headers.authorization, request.ip)
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
  const { id: organisationId } = caller.organisation;
  const matches = await tail.filterFor(filterOf(query), organisationId);
  const after = resolveAfter(typeof resume === "string" && resume !== "" ? resume : query.after, tail.head);
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
  line.sendSubscribed(tail.head.seq, after, tail.head.epoch);
  connection = hub.add({ principal: caller, organisationId, line, matches, after });
  const added = connection;
  const beat = setInterval(() => response.write(": still here\n\n"), BEAT_EVERY_MS);
  response.on("close", () => {
    clearInterval(beat);
    hub.remove(added);
  });
  response.on("error", (error) => platform.log.debug({ err: error }, "event stream broke"));
  added.advance();
  return reply;
}

function filterOf(query: LiveQuery): Filter {
  try {
    return filterFromQuery(query);
  } catch (error) {
    if (error instanceof ZodError)
      throw new AppError("bad-filter", "See errors", { errors: placesOf(error) });
    throw error;
  }
}
