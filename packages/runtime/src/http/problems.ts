import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { AppError, PROBLEMS, type ProblemCode, type ProblemPlace, problemOf, routes } from "@suar/contract";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ZodError } from "zod";
import { isConnectionLost } from "../database/pool.ts";

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** The framework's own refusals, in our words. */
const FRAMEWORK: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "bad-request",
  FST_ERR_CTP_INVALID_JSON_BODY: "malformed-json",
  FST_ERR_CTP_EMPTY_JSON_BODY: "empty",
  FST_REQ_FILE_TOO_LARGE: "too-large",
  FST_ERR_BAD_URL: "bad-request",
  FST_ERR_MAX_PARAM_LENGTH: "not-found",
  FST_UNDER_PRESSURE: "unavailable",
  // PostgreSQL's query_canceled: the statement took longer than a request may (SQLSTATE class 57).
  57014: "unavailable",
};

/** Maps every error to a problem document, in this one place; a 5xx tells no detail. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const isPage = app.hasRoute({ method: "GET", url: path });
    const methods = isPage ? ["GET", "HEAD"] : methodsAt(path);
    if (methods.length === 0 || methods.includes(request.method)) {
      return sendProblem(request, reply, "not-found", "There is nothing at this address; see /docs");
    }
    reply.header("allow", methods.join(", "));
    return sendProblem(request, reply, "method-not-allowed", `This address takes ${methods.join(", ")}`);
  });
}

export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = describe(error);
  if (hungUp(error, request)) request.log.debug("the client hung up before it had said everything");
  else if (problem.code === "internal") request.log.error({ err: error }, "request failed");
  else if (problem.code === "unavailable" && !isPlanned(error))
    request.log.warn({ reason: error.message }, "cannot answer just now");
  return sendProblem(request, reply, problem.code, problem.detail, problem.errors);
}

/** Ours, and nothing went wrong underneath: it begins, or stops. */
function isPlanned(error: Error): boolean {
  return error instanceof AppError && error.cause === undefined;
}

/** A body that breaks off is the client's doing (or our stop's), not a lost database, and nobody reads the answer. */
function hungUp(error: FastifyError, { raw }: FastifyRequest): boolean {
  return (
    raw.destroyed &&
    !raw.complete &&
    ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes(String(error.code))
  );
}

/** What is no HTTP, or has more headers than a request may: answered on the bare socket, then closed. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return;
  const problem = JSON.stringify(
    problemOf(error.code === "HPE_HEADER_OVERFLOW" ? "headers-too-large" : "bad-request"),
  );
  const { status } = PROBLEMS[error.code === "HPE_HEADER_OVERFLOW" ? "headers-too-large" : "bad-request"];
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(problem)}\r\nconnection: close\r\n\r\n${problem}`,
  );
}

/** The methods that the contract has at a path. */
function methodsAt(path: string): string[] {
  return PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
}

const PATTERNS = Object.values(routes).map(({ method, path }) => ({
  method: method as string,
  pattern: new RegExp(`^${path.replace(/:[a-z]+/gi, "[^/]+").replace("*", ".+")}$`),
}));

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  detail?: string,
  errors?: ProblemPlace[],
): FastifyReply {
  const problem = problemOf(code, detail, errors, request.id);
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="suar"');
  if (code === "unavailable") reply.header("retry-after", "1");
  return reply.code(problem.status).header("content-type", PROBLEM_TYPE).send(JSON.stringify(problem));
}

type Described = { code: ProblemCode; detail?: string | undefined; errors?: ProblemPlace[] | undefined };

export function describe(error: unknown): Described {
  if (error instanceof AppError) return { code: error.code, detail: error.detail, errors: error.errors };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((issue) => ({
      path: issue.instancePath === "" ? "/" : issue.instancePath,
      code: String(issue.keyword),
      message: issue.message ?? "does not fit",
    }));
    // A filter is the same wherever it stands, and so is its problem.
    const code = errors.every(({ path }) => /^\/filter(\/|$)/.test(path)) ? "bad-filter" : "bad-request";
    return { code, detail: errors[0]?.message, errors };
  }
  if (error instanceof ZodError)
    return { code: "bad-request", detail: "See errors", errors: placesOf(error) };
  const code = (error as { code?: unknown }).code;
  const known = typeof code === "string" ? FRAMEWORK[code] : undefined;
  if (known !== undefined)
    return { code: known, detail: known === "unavailable" ? undefined : (error as Error).message };
  if (isConnectionLost(error)) return { code: "unavailable" };
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 429) return { code: "rate-limited" };
  if (typeof status === "number" && status >= 400 && status < 500)
    return { code: "bad-request", detail: (error as Error).message };
  return { code: "internal" };
}

/** A ZodError's places as JSON pointers. */
export function placesOf(error: ZodError): ProblemPlace[] {
  return error.issues.slice(0, 50).map((issue) => ({
    path: `/${issue.path.map(String).join("/")}`,
    code: issue.code ?? "invalid",
    message: issue.message,
  }));
}
