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
    const text = await withRetries(repeatable ? this.#retries : 0, given.signal, () =>
      this.#send(route.method, url, given),
    );
    const parsed = route.reply.safeParse(text === "" ? undefined : jsonOr(text, text));
    if (parsed.success) return parsed.data;
    throw new SuarError(
      "unexpected-reply",
      `${route.method} ${route.path} gave an answer that does not fit the contract`,
      { cause: parsed.error },
    );
  }

  /** One try; resolves with the body of a success. */
  async #send(method: string, url: string, given: Given): Promise<string> {
    const headers = new Headers({ accept: "application/json", ...given.headers });
    if (this.key !== undefined) headers.set("authorization", `Bearer ${this.key}`);
    const init: RequestInit = { method, headers, redirect: "error", duplex: "half" };
    const signals = given.signal === undefined ? [] : [given.signal];
    if (given.raw !== undefined) {
      headers.set("content-type", given.raw.contentType);
      init.body = await given.raw.open();
    } else {
      signals.push(AbortSignal.timeout(this.#timeoutMs));
      if (given.body !== undefined) {
        headers.set("content-type", "application/json");
        init.body = JSON.stringify(given.body);
      }
    }
    if (signals.length > 0) init.signal = AbortSignal.any(signals);
    const { response, text } = await this.#exchange(url, init);
    if (!response.ok) throw errorOf(response.status, response.headers, text);
    return text;
  }

  async #exchange(url: string, init: RequestInit): Promise<{ response: Response; text: string }> {
    try {
      const response = await this.#fetch(url, init);
      return { response, text: await response.text() };
    } catch (cause) {
      if (cause instanceof Error && cause.name === "AbortError") throw cause;
      throw networkError(url, cause);
    }
  }
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
