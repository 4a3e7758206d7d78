import { createHash, randomUUID } from "node:crypto";
import { isIP } from "node:net";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import underPressure from "@fastify/under-pressure";
import { AppError, PLATFORM_HEADER } from "@suar/contract";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Logger } from "../process/logger.ts";
import { closeGently } from "./close-gently.ts";
import { answerUnrouted, type ErrorsBelow } from "./errors-below.ts";
import { JSON_BODY_LIMIT, registerJsonBody } from "./json-body.ts";
import { isInside, registerMetrics } from "./metrics.ts";
import { answerBrokenHttp, registerProblems } from "./problems.ts";
import type { Repeats } from "./repeats.ts";

export type HttpOptions = {
  log: Logger;
  /** What every answer calls this platform. */
  instance: string;
  /** Requests a minute that one key may make. */
  requestsPerMinute: number;
  /** And one address for those whom nobody knows. */
  strangersPerMinute: number;
  /** Networks, beside this machine, from where metrics are read, and what is wrong. */
  metricsAllow: readonly string[];
  /** Whose X-Forwarded-For is believed. */
  trustProxy: string;
  /** Clients reach it over TLS: browsers are told to stay there. Over plain HTTP that would lose them the pages' style. */
  https: boolean;
  /** Calls that carry an Idempotency-Key. */
  repeats: Repeats;
  /** Throws or rejects while the platform cannot serve. */
  ready(): Promise<void>;
  /** Whether the queue is away: told, and no reason to send requests elsewhere, since sweepers do its work. */
  queueAway(): boolean;
  /** What else the operator has to know, by subject: no reason to send requests elsewhere, either, nor told to others. */
  troubles: ReadonlyMap<string, string>;
};

/**
 * An HTTP server with everything that every service's has: schemas, problem documents, limits, headers,
 * health, metrics, and logs without content.
 */
export async function buildHttp(options: HttpOptions): Promise<FastifyInstance> {
  const errorsBelow: ErrorsBelow = new Map();
  const app = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: JSON_BODY_LIMIT,
    trustProxy: options.trustProxy,
    frameworkErrors: answerUnrouted(errorsBelow),
    clientErrorHandler: answerBrokenHttp,
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: "idle",
    return503OnClosing: false, // closeGently answers, with a problem document
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: false },
  }) as unknown as FastifyInstance;
  app.decorate("repeats", options.repeats);
  app.decorate("errorsBelow", errorsBelow);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // On the bare answer and before anything else: also refusals, streams and what is answered without a hook have it.
  app.server.prependListener("request", (_request, response) => {
    response.setHeader(PLATFORM_HEADER, options.instance);
  });
  closeGently(app);
  registerJsonBody(app);
  registerProblems(app);
  await registerLimits(app, options);
  app.addHook("onRequest", async (request, reply) => {
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding.toLowerCase() === "identity") return;
    reply.header("accept-encoding", "identity"); // RFC 9110 §15.5.16
    throw new AppError("unsupported-media-type", "Bodies are taken as they are, without Content-Encoding");
  });
  app.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        // Not the path: ids of observables betray their values, and queries are what somebody looks for.
        route: request.routeOptions.url ?? "none",
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      "request",
    );
  });
  app.get("/healthz", { schema: { hide: true } as never }, async () => ({ status: "ok" }));
  app.get("/readyz", { schema: { hide: true } as never }, async ({ ip }) => {
    try {
      await options.ready();
    } catch (cause) {
      throw new AppError("unavailable", "Not ready", { cause });
    }
    // The rest names realms, pairs and groups.
    if (!isInside(options.metricsAllow, ip)) return { status: "ready" };
    return {
      status: "ready",
      ...(options.queueAway() && { queue: "away" }),
      ...(options.troubles.size > 0 && { troubles: Object.fromEntries(options.troubles) }),
    };
  });
  registerMetrics(app, options.metricsAllow);
  return app;
}

/**
 * Whose rate it is: the whole credential's, where somebody has found out whose that is. Routes do so before their rate is
 * asked; a credential that nobody looked at says nothing, and its address counts. A key's id is known to others, too; by it alone anybody would be told how
 * much its holder calls, and could use up what is left.
 */
function rateKeyOf({ headers: { authorization }, principal, ip, url }: FastifyRequest): string {
  if (authorization === undefined || (principal === undefined && !isIdentifiedLater(url))) return ip;
  const [scheme = "", ...credential] = authorization.split(" ");
  return createHash("sha256")
    .update([scheme.toLowerCase(), ...credential].join(" "))
    .digest("base64url");
}

/** TAXII finds out who calls while it answers, in its protocol's own order of refusals. */
function isIdentifiedLater(url: string): boolean {
  return url.startsWith("/taxii2/");
}

const MOST_HEAP = 3 * 1024 ** 3;
const YEAR_S = 365 * 24 * 3600;

/** Headers for browsers, a rate for each key, and a refusal while memory runs out. */
async function registerLimits(app: FastifyInstance, options: HttpOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'"],
        upgradeInsecureRequests: options.https ? [] : null,
      },
    },
    // This name alone: what else there is under the domain is not ours to speak for.
    strictTransportSecurity: options.https && { maxAge: YEAR_S, includeSubDomains: false },
  });
  await app.register(rateLimit, {
    max: (_request, key) => (isIP(key) === 0 ? options.requestsPerMinute : options.strangersPerMinute),
    timeWindow: 60_000,
    enableDraftSpec: true,
    keyGenerator: rateKeyOf,
    allowList: (request) =>
      request.url === "/healthz" || request.url === "/readyz" || request.url === "/metrics",
    errorResponseBuilder: (_request, context) =>
      new AppError("rate-limited", `At most ${context.max} requests a minute; try again in ${context.after}`),
  });
  // Not by the event loop's delay: one sample while a busy machine starts us would refuse everybody.
  await app.register(underPressure, { maxHeapUsedBytes: MOST_HEAP, retryAfter: 2 });
}
