/** Why a server could not be pulled from. The table is closed; each says whose affair it is in {@link TaxiiFault}. */
export type TaxiiFaultCode =
  /** No connection, or one that broke. */
  | "unreachable"
  /** No answer, or no more of it, in time. */
  | "too-slow"
  /** 401: the server wants other credentials. */
  | "unauthorized"
  /** 403, or a collection that may not be read. */
  | "forbidden"
  /** 404, or no such API root or collection. */
  | "not-found"
  /** 429 and 503: later. */
  | "busy"
  /** Other 5xx. */
  | "server-error"
  /** Other 4xx: the server does not take the request. */
  | "refused"
  /** It sends on to where the credentials must not go, or in a circle. */
  | "redirected"
  /** An answer of no TAXII 2.1 server. */
  | "not-taxii"
  /** JSON that breaks off, or is none. */
  | "bad-json"
  /** More octets than are taken. */
  | "too-large"
  /** Pages without end, or the same one for ever. */
  | "endless"
  /** More objects of one date than the server gives on a page, and no `next` to tell them apart by. */
  | "stuck";

type Details = { status?: number | undefined; retryAfterMs?: number | undefined; cause?: unknown };

/** What a pull ends with. The message says what to do about it, and holds no credential. */
export class TaxiiFault extends Error {
  override readonly name = "TaxiiFault";
  readonly code: TaxiiFaultCode;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: TaxiiFaultCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

const MOST_SHOWN = 200;

/** A server's own words as they may stand in a message: one short line of printable characters. */
export function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}
