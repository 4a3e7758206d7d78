import { createHash } from "node:crypto";
import {
  AppError,
  IdempotencyKey,
  type Principal,
  type RouteDefinition,
  takesIdempotencyKey,
} from "@suar/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Authenticator } from "../keys/authenticator.ts";
import type { Repeats } from "./repeats.ts";

/** What a handler is given: parsed input and, unless the route is for anyone, who is calling. */
export type Call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
};

/** The organisation of a caller who has one; the operator gets `forbidden` wherever content is near. */
export type OrganisationCaller = Principal & { organisation: NonNullable<Principal["organisation"]> };

export function requireOrganisation(principal: Principal): OrganisationCaller {
  if (principal.organisation === null)
    throw new AppError("forbidden", "The operator reads and writes no content");
  return principal as OrganisationCaller;
}

/**
 * Serves a contract route: authenticates, checks the role, parses, calls, and replies with the route's status.
 * A handler that has replied itself (a stream, raw bytes) returns `reply`.
 */
export function handle<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: FastifyInstance,
  authenticator: Authenticator,
  route: RouteDefinition<P, Q, B, R>,
  handler: (call: Call<P, Q, B>) => Promise<z.input<R> | FastifyReply>,
): void {
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    ...(route.roles === "anyone" && { config: BY_ADDRESS }),
    onRequest: async (request) => await authenticate(authenticator, route, request),
    preHandler: async (request) => {
      // PostgreSQL's text holds no NUL, and UTF-8 no half of a surrogate pair: nothing stored is named so.
      if (!isStorable(request.params)) throw new AppError("not-found");
      if (takesNoBody(route) && !saysNothing(request.body))
        throw new AppError("bad-request", "This call takes no body");
      const rest = route.rawBodies !== undefined ? [request.query] : [request.query, request.body];
      if (!rest.every(isStorable)) throw new AppError("bad-request", "A text holds NUL or half a character");
    },
    handler: async (request, reply) => {
      const call = async () =>
        await handler({
          params: request.params as z.output<P>,
          query: request.query as z.output<Q>,
          body: request.body as z.output<B>,
          principal: request.principal as Principal,
          request,
          reply,
        });
      const key = isRepeatable(route) ? idempotencyKeyOf(request) : undefined;
      const result = key === undefined ? await call() : await callOnce(app, { key, request, reply }, call);
      if (result === reply || reply.sent) return reply;
      return reply.code(route.status).send(result);
    },
  });
}

/** Where nobody has to show who is calling, whatever stands in for a key would be a new caller each time. */
const BY_ADDRESS = { rateLimit: { keyGenerator: ({ ip }: FastifyRequest) => ip } };

function takesNoBody({ body, rawBodies }: RouteDefinition): boolean {
  return body === undefined && rawBodies === undefined;
}

/** No body, or an empty one: some clients send `{}` with every call. */
function saysNothing(body: unknown): boolean {
  if (typeof body !== "object") return body === undefined;
  return body === null || Object.keys(body).length === 0;
}

/** Whether `handle` keeps to the route's Idempotency-Key; a raw body is its own handler's to keep. */
function isRepeatable(route: RouteDefinition): boolean {
  return takesIdempotencyKey(route) && route.rawBodies === undefined;
}

/** Throws `bad-request` for a key that is none. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined || IdempotencyKey.safeParse(key).success) return key as string | undefined;
  throw new AppError("bad-request", "Idempotency-Key: 1 to 200 visible ASCII characters");
}

const TELLING_HEADERS = ["etag", "location"];

/** Does a call, or answers as it was answered before. */
async function callOnce<Result>(
  app: FastifyInstance,
  { key, request, reply }: { key: string; request: FastifyRequest; reply: FastifyReply },
  call: () => Promise<Result>,
): Promise<Result> {
  const said = JSON.stringify([
    request.method,
    request.url,
    request.headers["if-match"] ?? null,
    request.body ?? null,
  ]);
  const once = { key, hash: createHash("sha256").update(said).digest() };
  const answer = await app.repeats.once(request.principal as Principal, once, async () => {
    const body = await call();
    // It would be answered before it is kept, and a quick repeat would find nothing.
    if (body === reply) throw new Error(`the handler of ${request.routeOptions.url} answers by itself`);
    const headers = TELLING_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    });
    return { headers: Object.fromEntries(headers) as Record<string, string>, body };
  });
  if (answer.repeated) reply.headers({ ...answer.headers, "idempotency-replayed": "true" });
  return answer.body as Result;
}

/**
 * Finds out who is calling, and whether they may. A call that takes long is asked again before it answers: its
 * key may have been revoked meanwhile.
 */
export async function authenticate(
  authenticator: Authenticator,
  route: RouteDefinition,
  request: FastifyRequest,
): Promise<void> {
  if (route.roles === "anyone") return;
  const principal = await authenticator.principal(request.headers.authorization, request.ip);
  requireRole(principal, route.roles);
  if (principal.drillEnded && route.method !== "GET" && route.onlyReads !== true)
    throw new AppError("conflict", "The drill has ended: its realm can be read, and nothing in it changed");
  request.principal = principal;
}

/** Throws `forbidden` unless the caller has one of the roles (none named: any key will do). */
export function requireRole(principal: Principal, roles: readonly string[]): void {
  if (roles.length > 0 && !principal.roles.some((role) => roles.includes(role))) {
    throw new AppError("forbidden", `This needs the role ${roles.join(" or ")}`);
  }
}

const NO_PARAMETERS = z.strictObject({});

/** The route's schemas as Fastify takes them; raw bodies are parsed by their handler. */
export function schemaOf(route: RouteDefinition): Record<string, unknown> {
  return {
    ...(route.params === undefined ? {} : { params: route.params }),
    querystring: route.query ?? NO_PARAMETERS,
    ...(route.body === undefined ? {} : { body: route.body }),
    response: {
      ...(route.replyType === undefined && { [route.status]: route.reply }),
      ...route.otherReplies,
    },
  };
}

function isStorable(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\u0000");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, child]) => isStorable(key) && isStorable(child));
}

declare module "fastify" {
  interface FastifyInstance {
    repeats: Repeats;
  }
  interface FastifyRequest {
    principal?: Principal;
  }
}
