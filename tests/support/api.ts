import { Agent, type Dispatcher, request } from "undici";

/** What a caller of the API with one key is answered: what was on the wire, and nothing made of it. */
export type Answer = { status: number; body: any; text: string; headers: Headers };

export type Caller = {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Sends raw bytes as they are. */
  raw(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
};

/** Connections are kept. Not by `fetch`: of a hundred thousand calls it would cost more than what they ask for. */
const dispatcher = new Agent();

export function caller(url: string, key: string | undefined): Caller {
  const call = async (
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> =>
    await ask(`${url}${path}`, {
      method: method as Dispatcher.HttpMethod,
      headers: {
        accept: "*/*",
        ...(typeof body === "string" && { "content-type": "text/plain;charset=UTF-8" }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  const send: Caller["send"] = async (method, path, body, headers = {}) =>
    await call(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    });
  return {
    get: async (path, headers = {}) => await call("GET", path, undefined, headers),
    post: async (path, body, headers) => await send("POST", path, body, headers),
    send,
    raw: async (path, body, headers = {}) => await call("POST", path, body, headers),
  };
}

type Asked = {
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body?: string | Uint8Array;
};

/** Follows where it is sent on to (308: the same call at another address), as clients do. */
async function ask(url: string, asked: Asked, hops = 0): Promise<Answer> {
  const { statusCode: status, headers, body } = await request(url, { ...asked, dispatcher });
  const text = await body.text();
  if (status === 308 && typeof headers.location === "string" && hops < 5)
    return await ask(new URL(headers.location, url).href, asked, hops + 1);
  let parsed: { body: unknown } | undefined;
  return {
    status,
    text,
    // Made when they are looked at: a crawl looks at the text alone.
    get body() {
      parsed ??= { body: parse(text) };
      return parsed.body;
    },
    get headers() {
      const all = Object.entries(headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      );
      return new Headers(all);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not every answer is JSON; the test sees `text`
  }
}

/** A submission's query: its marking, and those whom it names (nobody: no `to=`). */
export function markedFor(tlp: string, to: readonly string[]): string {
  return `?${new URLSearchParams({ tlp, ...(to.length > 0 && { to: to.join(",") }) })}`;
}

/** Submits and waits until it is done or failed. */
export async function submitAndWait(
  api: Caller,
  query: string,
  body: string | Uint8Array,
  contentType: string,
): Promise<Answer> {
  const accepted = await api.raw(`/v1/submissions${query}`, body, { "content-type": contentType });
  if (accepted.status !== 202) throw new Error(`not accepted: ${accepted.status} ${accepted.text}`);
  return await waitForSubmission(api, accepted.body.id);
}

export async function waitForSubmission(api: Caller, id: string, withinMs = 60_000): Promise<Answer> {
  return await until(withinMs, `submission ${id}`, async () => {
    const answer = await api.get(`/v1/submissions/${id}?limit=500`);
    return answer.body?.status === "done" || answer.body?.status === "failed" ? answer : undefined;
  });
}

/** A machine that others use takes a few times as long: what never comes is found all the same, only later. */
const PATIENCE = 4;

/**
 * Asks again and again until there is an answer. `withinMs` is what it takes on a quiet machine at most;
 * throws when there is none after `PATIENCE` times that.
 */
export async function until<T>(
  withinMs: number,
  what: string,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + withinMs * PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${withinMs * PATIENCE} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Reads a caller's whole log. */
export async function wholeLog(api: Caller, query = ""): Promise<any[]> {
  const items: any[] = [];
  for (let after = "0"; ; ) {
    const { body, status, text } = await api.get(`/v1/log?after=${after}&limit=1000${query}`);
    if (status !== 200) throw new Error(text);
    items.push(...body.items);
    if (body.items.length === 0 && Number(body.next.split(".")[1]) >= body.head) return items;
    after = body.next;
  }
}
