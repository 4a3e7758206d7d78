import { Problem, retryAfterMs as readRetryAfter } from "@suar/contract";

/** What can go wrong besides the platform's own problem codes. */
export type ClientErrorCode =
  | "network"
  | "timeout"
  | "unexpected-reply"
  | "bad-signature"
  | "not-an-event"
  | "submission-failed";

type Details = {
  status?: number | null;
  problem?: Problem | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
};

/**
 * The one error that this package throws. `code` is one of the contract's problem codes, or of
 * `ClientErrorCode` where no answer could be had; `status` is null when there was none.
 */
export class SuarError extends Error {
  override readonly name: string = "SuarError";
  readonly code: string;
  readonly status: number | null;
  readonly problem: Problem | undefined;
  readonly requestId: string | undefined;
  /** How long the platform asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.problem = details.problem;
    this.requestId = details.requestId ?? details.problem?.requestId;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The log was restored from a backup or cut: the cursor leads nowhere, and what lies between must be read anew. */
export class ResetError extends SuarError {
  override readonly name = "ResetError";
  readonly reason: string;
  /** The oldest cursor that can be read from. */
  readonly oldest: string | undefined;

  constructor(reason: string, oldest?: string) {
    super("cursor-reset", `the log was reset (${reason}); go on from ${oldest ?? "0"} to read it anew`, {
      status: 410,
    });
    this.reason = reason;
    this.oldest = oldest;
  }
}

/** An error from an HTTP answer that is not a success; also when it is no problem document (a proxy's page). */
export function errorOf(status: number, headers: Headers, body: string): SuarError {
  const parsed = Problem.safeParse(jsonOr(body, undefined));
  const retryAfterMs = readRetryAfter(headers.get("retry-after"));
  const requestId = headers.get("x-request-id") ?? undefined;
  if (!parsed.success) {
    const message = `the server answered ${status} without saying why`;
    return new SuarError(codeOfStatus(status), message, { status, requestId, retryAfterMs });
  }
  const problem = parsed.data;
  return new SuarError(problem.code, problem.detail ?? problem.title, {
    status,
    problem,
    requestId: problem.requestId ?? requestId,
    retryAfterMs,
  });
}

/** Wraps whatever fetch threw. */
export function networkError(url: string, cause: unknown): SuarError {
  const timedOut = cause instanceof Error && cause.name === "TimeoutError";
  const why = timedOut ? "no answer in time" : deepestMessage(cause);
  return new SuarError(timedOut ? "timeout" : "network", `${new URL(url).origin} cannot be reached: ${why}`, {
    cause,
  });
}

function deepestMessage(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return deepestMessage(cause.errors[0]);
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause === undefined ? cause.message : deepestMessage(cause.cause);
}

function codeOfStatus(status: number): string {
  const codes: Record<number, string> = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    413: "too-large",
    429: "rate-limited",
  };
  return codes[status] ?? (status >= 500 ? "unavailable" : "bad-request");
}

/** Parses JSON from outside, where anything may come. */
export function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer here: the caller tells what it means.
    return otherwise;
  }
}
