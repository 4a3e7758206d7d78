import type { RouteDefinition } from "@suar/contract";
import type { z } from "zod";
import { errorOf, jsonOr, networkError, SuarError } from "./error.ts";
import { withRetries } from "./retry.ts";

export type ClientOptions = {
  url: string;
  key?: string | undefined;
  fetch?: typeof fetch;
  /** How often a call that may be repeated is repeated; 4 when absent. */
  retries?: number;
  /** Longest wait for an answer, 120 s when absent; uploads have none. */
  timeoutMs?: number;
};

/** An answer in lines may take so long, and no line of it be longer. */
const LONGEST_STREAM_MS = 600_000;
/** An export is looked through before it begins, and then sent for half an hour at most. */
const LONGEST_EXPORT_MS = 60 * 60_000;
const LONGEST_LINE = 8 * 1024 * 1024;

export type Body = NonNullable<RequestInit["body"]>;

/** A body that can be opened again for another try. */
export type OpenBody = { open(): Body | Promise<Body>; contentType: string };

type Part<Name extends string, Schema extends z.ZodType> =
  Record<never, never> extends z.input<Schema>
    ? { [K in Name]?: z.input<Schema> | undefined }
    : undefined extends z.input<Schema>
      ? { [K in Name]?: z.input<Schema> | undefined }
      : { [K in Name]: z.input<Schema> };

export type CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<"params", P> &
  Part<"query", Q> &
  Part<"body", B> & { headers?: Record<string, string>; raw?: OpenBody; signal?: AbortSignal | undefined };

type Given = {
  params?: unknown;
  query?: unknown;
  body?: unknown;
  headers?: Record<string, string>;
  raw?: OpenBody;
  signal?: AbortSignal | undefined;
};

/** Makes the contract's calls: fills in paths and queries, sends, retries what may be repeated, parses what comes back. */
export class Caller {
  readonly url: string;
  readonly key: string | undefined;
  readonly #fetch: typeof fetch;
  readonly #retries: number;
  readonly #timeoutMs: number;

  constructor(options: ClientOptions) {
    this.url = options.url.replace(/\/+$/, "");
    this.key = options.key;
    this.#fetch = options.fetch ?? fetch;
    this.#retries = options.retries ?? 4;
    this.#timeoutMs = options.timeoutMs ?? 120_000;
  }

  async call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    route: RouteDefinition<P, Q, B, R>,
    input: CallInput<P, Q, B>,
  ): Promise<z.output<R>> {
    const given: Given = input;
    const url = this.url + fillPath(route.path, given.params) + writeQuery(given.query);
    const repeatable = route.method === "GET" || hasIdempotencyKey(given.headers);
    const text = await withRetries(repeatable ? this.#retries : 0, given.signal, async () => {
      return await this.#textOf(url, await this.#send(route.method, url, given));
    });
    return parseReply(route, text === "" ? undefined : jsonOr(text, text));
  }

  /** An answer in lines, each as soon as it is there. It is asked for again until it begins, and not after that. */
  async *lines<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    route: RouteDefinition<P, Q, B, R>,
    input: CallInput<P, Q, B>,
  ): AsyncGenerator<z.output<R>> {
    const given: Given = input;
    const url = this.url + fillPath(route.path, given.params) + writeQuery(given.query);
    const response = await withRetries(this.#retries, given.signal, () =>
      this.#send(route.method, url, given, LONGEST_STREAM_MS),
    );
    let rest = "";
    for await (const piece of this.#pieces(url, response)) {
      const [first = "", ...others] = piece.split("\n");
      if (rest.length + first.length > LONGEST_LINE) throw unexpected(route, "a line without an end");
      rest += first;
      for (const other of others) {
        yield parseReply(route, jsonOr(rest, rest));
        rest = other;
      }
    }
    if (rest !== "") yield parseReply(route, jsonOr(rest, rest));
  }

  /** An answer in another form than JSON, in pieces. It is asked for again until it begins, and not after that. */
  async *texts<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    route: RouteDefinition<P, Q, B, R>,
    input: CallInput<P, Q, B>,
  ): AsyncGenerator<string> {
    const given: Given = input;
    const url = this.url + fillPath(route.path, given.params) + writeQuery(given.query);
    const response = await withRetries(this.#retries, given.signal, () =>
      this.#send(route.method, url, given, LONGEST_EXPORT_MS),
    );
    yield* this.#pieces(url, response);
  }

  async *#pieces(url: string, { body }: Response): AsyncGenerator<string> {
    if (body === null) return;
    const texts = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
    try {
      yield* texts;
    } catch (cause) {
      throw readingError(url, cause);
    }
  }

  /** One try; resolves when a success begins to answer. */
  async #send(
    method: string,
    url: string,
    given: Given,
    timeoutMs: number = this.#timeoutMs,
  ): Promise<Response> {
    const headers = new Headers({ accept: "application/json", ...given.headers });
    if (this.key !== undefined) headers.set("authorization", `Bearer ${this.key}`);
    const init: RequestInit = { method, headers, redirect: "error", duplex: "half" };
    const signals = given.signal === undefined ? [] : [given.signal];
    if (given.raw !== undefined) {
      headers.set("content-type", given.raw.contentType);
      init.body = await given.raw.open();
    } else {
      signals.push(AbortSignal.timeout(timeoutMs));
      if (given.body !== undefined) {
        headers.set("content-type", "application/json");
        init.body = JSON.stringify(given.body);
      }
    }
    if (signals.length > 0) init.signal = AbortSignal.any(signals);
    const response = await this.#fetch(url, init).catch((cause: unknown) => {
      throw readingError(url, cause);
    });
    if (!response.ok) throw errorOf(response.status, response.headers, await this.#textOf(url, response));
    return response;
  }

  async #textOf(url: string, response: Response): Promise<string> {
    return await response.text().catch((cause: unknown) => {
      throw readingError(url, cause);
    });
  }
}

/** Whoever gives up hears so; all else is the network's. */
function readingError(url: string, cause: unknown): unknown {
  return cause instanceof Error && cause.name === "AbortError" ? cause : networkError(url, cause);
}

function parseReply<R extends z.ZodType>(
  route: Pick<RouteDefinition, "method" | "path"> & { reply: R },
  value: unknown,
): z.output<R> {
  const parsed = route.reply.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unexpected(route, "it does not fit the contract", parsed.error);
}

function unexpected(
  { method, path }: Pick<RouteDefinition, "method" | "path">,
  why: string,
  cause?: unknown,
): SuarError {
  return new SuarError("unexpected-reply", `${method} ${path} gave an answer that cannot be used: ${why}`, {
    cause,
  });
}

function fillPath(path: string, params: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  return path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(values.get(name))));
}

function writeQuery(query: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? "" : `?${search}`;
}

function hasIdempotencyKey(headers: Record<string, string> | undefined): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === "idempotency-key");
}
