import { retryAfterMs } from "@suar/contract";
import { isTaxii, TAXII_MEDIA_TYPE } from "../media-type.ts";
import { boundedBody } from "./bounded-body.ts";
import type { PullLimits } from "./limits.ts";
import { parseJson } from "./parse-json.ts";
import { shown, TaxiiFault } from "./taxii-fault.ts";

/** What is used of `fetch`: whoever pulls brings one, which decides where connections may go. */
export type TaxiiFetch = (
  url: string,
  init: { headers: Record<string, string>; redirect: "manual"; signal: AbortSignal },
) => Promise<{
  status: number;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
}>;

/** RFC 7617 or RFC 6750. */
export type TaxiiCredential = { user: string; secret: string } | { token: string };

export type ConnectionOptions = {
  /** The server, its discovery, an API root or a collection of it. */
  url: URL;
  fetch: TaxiiFetch;
  limits: PullLimits;
  credential?: TaxiiCredential | undefined;
  signal?: AbortSignal | undefined;
  /** Asked of each answer, of a redirect and a refusal as well, before anything of it counts; what it throws ends the pull. */
  admit?: ((from: URL, headers: TaxiiReply["headers"]) => void) | undefined;
};

/** A 200 with its body still to come. */
export type TaxiiReply = { headers: { get(name: string): string | null }; body: AsyncIterable<Uint8Array> };

/** Of any file: also that it has not changed. Whoever does not read its body to the end closes it. */
export type FileReply = TaxiiReply & { isUnchanged: boolean; url: URL; close(): void };

/** Octets, and milliseconds, of a body. */
type Most = { mostBytes: number; bodyMs: number };

type Asked = { answer: Awaited<ReturnType<TaxiiFetch>>; stop: AbortController; isConditional: boolean };

/** Some servers compare the whole header (OpenTAXII), others know one spelling only; what worked is kept. */
const ACCEPTS = [TAXII_MEDIA_TYPE, "application/taxii+json; version=2.1", "application/taxii+json", "*/*"];

/**
 * Asks one server. Credentials go to the origin that was named and to no other: not where it redirects to, not where
 * it says that its API roots are.
 */
export class Connection {
  readonly url: URL;
  readonly limits: PullLimits;
  readonly #fetch: TaxiiFetch;
  readonly #authorization: string | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #admit: ConnectionOptions["admit"];
  #accepts = ACCEPTS;

  constructor({ url, fetch, limits, credential, signal, admit }: ConnectionOptions) {
    this.url = withSlash(url);
    this.limits = limits;
    this.#fetch = fetch;
    this.#authorization = credential && authorizationOf(credential);
    this.#signal = signal;
    this.#admit = admit;
  }

  /** A small resource. Throws a TaxiiFault. */
  async json(url: URL): Promise<unknown> {
    const { body } = await this.openResource(url);
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return parseJson(Buffer.concat(parts));
  }

  /** Anything but a page of objects: it is small, and is there soon. */
  async openResource(url: URL): Promise<TaxiiReply> {
    const { resourceBytes: mostBytes, resourceMs: bodyMs } = this.limits;
    return await this.open(url, { mostBytes, bodyMs });
  }

  /** Throws a TaxiiFault for every answer that is no success of TAXII; the body may still break off with one. */
  async open(url: URL, most: Most = this.#mostOfPage()): Promise<TaxiiReply> {
    const { headers, body, close } = await this.#follow(url, most, async (at) => await this.#askAnyhow(at));
    try {
      refuseForeign(headers.get("content-type"));
    } catch (error) {
      close();
      throw error;
    }
    return { headers, body };
  }

  #mostOfPage(): Most {
    return { mostBytes: this.limits.pageBytes, bodyMs: this.limits.bodyMs };
  }

  /** What is no TAXII: a file of any type, and with conditions (RFC 9110 §13.1) whether it has changed. */
  async openFile(url: URL, conditions: Record<string, string>, mostBytes: number): Promise<FileReply> {
    const ask = async (at: URL) =>
      await this.#ask(at, { ...conditions, accept: "*/*", "user-agent": "Suar/1" });
    return await this.#follow(url, { mostBytes, bodyMs: this.limits.bodyMs }, ask);
  }

  /** Asks, and wherever it is sent on to, until there is a success. */
  async #follow(url: URL, most: Most, ask: (at: URL) => Promise<Asked>): Promise<FileReply> {
    for (let at = url, hops = 0; ; hops++) {
      const asked = await ask(at);
      const { status, headers } = asked.answer;
      const isUnchanged = asked.isConditional && status === 304;
      if (status === 200 || isUnchanged)
        return {
          headers,
          body: this.#bodyOf(asked, most),
          isUnchanged,
          url: at,
          close: () => asked.stop.abort(),
        };
      if (!isRedirect(status)) throw await faultOf(status, headers, this.#bodyOf(asked, LITTLE));
      await discard(this.#bodyOf(asked, LITTLE));
      if (hops >= this.limits.redirects)
        throw new TaxiiFault("redirected", "The server sends on and on: give the address where it ends");
      at = this.#next(at, headers.get("location"));
    }
  }

  #bodyOf({ answer, stop }: Asked, { mostBytes, bodyMs }: Most): AsyncGenerator<Uint8Array> {
    const { idleMs, bodyMs: longest } = this.limits;
    const bounds = { mostBytes, idleMs, bodyMs: Math.min(bodyMs, longest), stop, outer: this.#signal };
    return boundedBody(answer.body ?? NOTHING, bounds);
  }

  #next(from: URL, location: string | null): URL {
    if (location === null || !URL.canParse(location, from.href))
      throw new TaxiiFault("redirected", "The server sends on to nowhere");
    return new URL(location, from);
  }

  /** §1.6.8: an Accept without a version must not be refused, nor one with it; where one is, others are tried. */
  async #askAnyhow(url: URL) {
    for (;;) {
      const [accept = "*/*", ...others] = this.#accepts;
      const asked = await this.#ask(url, { accept, "user-agent": "Suar-TAXII/1" });
      if (asked.answer.status !== 406 || others.length === 0) return asked;
      await discard(this.#bodyOf(asked, LITTLE));
      this.#accepts = others;
    }
  }

  async #ask(url: URL, own: Record<string, string>): Promise<Asked> {
    if (url.protocol !== "https:" && url.protocol !== "http:")
      throw new TaxiiFault("redirected", `The server leads to ${shown(url.protocol)}, which is not HTTP`);
    if (this.#authorization !== undefined && url.origin !== this.url.origin)
      throw new TaxiiFault(
        "redirected",
        `The server leads to ${url.origin}, and credentials for ${this.url.origin} are not sent there: give that address, with the credentials for it`,
      );
    const stop = new AbortController();
    const answer = await this.#answerOf(url, own, stop);
    try {
      this.#admit?.(url, answer.headers);
    } catch (error) {
      stop.abort();
      throw error;
    }
    return { answer, stop, isConditional: "if-none-match" in own || "if-modified-since" in own };
  }

  /** Its headers, in time. */
  async #answerOf(url: URL, own: Record<string, string>, stop: AbortController): Promise<Asked["answer"]> {
    const late = setTimeout(() => {
      stop.abort(new TaxiiFault("too-slow", `No answer from ${url.host} in ${this.limits.headersMs} ms`));
    }, this.limits.headersMs);
    const signals = [stop.signal, ...(this.#signal === undefined ? [] : [this.#signal])];
    const headers = {
      ...own,
      ...(this.#authorization !== undefined && { authorization: this.#authorization }),
    };
    try {
      const signal = AbortSignal.any(signals);
      return await this.#fetch(url.href, { headers, redirect: "manual", signal });
    } catch (cause) {
      this.#signal?.throwIfAborted();
      if (stop.signal.reason instanceof TaxiiFault) throw stop.signal.reason;
      if (hasCode(cause, HEADERS_OVERFLOW))
        throw new TaxiiFault("too-large", `${url.host} answers with more headers than are taken`, { cause });
      throw new TaxiiFault("unreachable", `${url.host} cannot be reached: ${deepest(cause)}`, { cause });
    } finally {
      clearTimeout(late);
    }
  }
}

/** What is read of an answer that is no success: enough for its title, or to use its connection again. */
const LITTLE: Most = { mostBytes: 64 * 1024, bodyMs: 2_000 };
/** Of undici, whose fetch it is in Node. */
const HEADERS_OVERFLOW = "UND_ERR_HEADERS_OVERFLOW";
const NOTHING: AsyncIterable<Uint8Array> = (async function* () {})();

export function withSlash(url: URL): URL {
  const slashed = new URL(url);
  if (!slashed.pathname.endsWith("/")) slashed.pathname += "/";
  slashed.hash = "";
  return slashed;
}

function authorizationOf(credential: TaxiiCredential): string {
  if ("token" in credential) return `Bearer ${credential.token}`;
  const { user, secret } = credential;
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Reads on a little, so that the connection may be used again; how that ends changes nothing. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _part of body);
  } catch (error) {
    if (!(error instanceof TaxiiFault)) throw error;
  }
}

/** Many servers write application/json: what is JSON is looked at, pages for people and TAXII 2.0 are not. */
function refuseForeign(contentType: string | null): void {
  const type = contentType?.toLowerCase() ?? "";
  if (isTaxii(type) || !/html|xml|taxii\+json|vnd\.oasis\.taxii/.test(type)) return;
  const told = shown(contentType ?? "");
  throw new TaxiiFault("not-taxii", `It answers ${told}: give the address of a TAXII 2.1 server's discovery`);
}

async function faultOf(
  status: number,
  headers: { get(name: string): string | null },
  body: AsyncIterable<Uint8Array>,
): Promise<TaxiiFault> {
  const title = await titleOf(body);
  const said = title === undefined ? "" : `: ${title}`;
  const details = { status, retryAfterMs: retryAfterMs(headers.get("retry-after")) };
  if (status === 401)
    return new TaxiiFault(
      "unauthorized",
      `The server does not accept these credentials (401)${said}`,
      details,
    );
  if (status === 403)
    return new TaxiiFault(
      "forbidden",
      `The server does not let these credentials read it (403)${said}`,
      details,
    );
  if (status === 404 || status === 410)
    return new TaxiiFault("not-found", `There is nothing at this address (${status})${said}`, details);
  if (status === 429 || status === 503)
    return new TaxiiFault("busy", `The server asks to come back later (${status})${said}`, details);
  if (status >= 500) return new TaxiiFault("server-error", `The server failed (${status})${said}`, details);
  return new TaxiiFault("refused", `The server does not take the request (${status})${said}`, details);
}

/** §3.6.1: of an error message, its title. */
async function titleOf(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  try {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    const { title } = parseJson(Buffer.concat(parts)) as { title?: unknown };
    return typeof title === "string" ? shown(title) : undefined;
  } catch (error) {
    if (!(error instanceof TaxiiFault)) throw error;
    return undefined; // the status says enough
  }
}

function hasCode(error: unknown, code: string): boolean {
  for (let one = error; one instanceof Error; one = one.cause)
    if ("code" in one && one.code === code) return true;
  return false;
}

function deepest(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return deepest(cause.errors[0]);
  if (!(cause instanceof Error)) return shown(String(cause));
  return cause.cause === undefined ? shown(cause.message) : deepest(cause.cause);
}
