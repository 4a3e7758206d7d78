import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Connection, type ConnectionOptions } from "../client/connection.ts";
import type { EnvelopeEnd } from "../client/envelope-reader.ts";
import { PULL_LIMITS } from "../client/limits.ts";
import { type PulledPart, type PullOptions, pullObjects } from "../client/pull-objects.ts";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";

/* A server for tests that bends what rule it is told to. */

export type Asked = { url: URL; request: IncomingMessage; response: ServerResponse };

export type FakeServer = { url: string; asked: Asked[]; close(): Promise<void> };

/** `answer` writes the response itself, or returns JSON to be sent as TAXII. */
export async function fakeServer(answer: (asked: Asked) => unknown): Promise<FakeServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const one = { url: new URL(request.url ?? "/", "http://taxii"), request, response };
    asked.push(one);
    const value = answer(one);
    if (value !== undefined) sendJson(response, value);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { "content-type": TAXII_MEDIA_TYPE, ...headers }).end(JSON.stringify(value));
}

/** An object of a fake collection, and when it was added: a number of microseconds, as the server counts. */
export type Added = { id: string; at: number };

export function added(count: number, at: (n: number) => number): Added[] {
  return Array.from({ length: count }, (_, n) => ({ id: idOf(n), at: at(n) }));
}

export function idOf(n: number): string {
  return `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

export function dateOf(at: number): string {
  return `2026-01-01T00:00:00.${String(at).padStart(6, "0")}Z`;
}

/** How a fake collection departs from the specification. */
export type Dialect = {
  most: number;
  next?: "heeded" | "ignored" | "none" | "same-for-ever";
  /** How the dates of the headers are written; none: there are no such headers. */
  dates?: (at: number) => string | undefined;
  inclusive?: boolean;
  hasManifest?: boolean;
  more?: unknown;
};

/** Answers what is asked of one collection's objects and manifest, which it holds in the order of their dates. */
export function collectionOf(objects: readonly Added[], dialect: Dialect) {
  const { most, next = "heeded", dates = dateOf, inclusive = false, hasManifest = true } = dialect;
  return ({ url, response }: Asked): unknown => {
    const after = url.searchParams.get("added_after");
    const token = next === "heeded" ? url.searchParams.get("next") : null;
    const isAfter = (date: string): boolean =>
      after === null || date > after || (inclusive && date === after);
    const chosen = objects.filter(({ at }) => isAfter(dateOf(at))).slice(Number(token ?? 0));
    const page = chosen.slice(0, Math.min(most, Number(url.searchParams.get("limit") ?? most)));
    if (url.pathname.endsWith("/manifest/")) {
      if (!hasManifest) return void response.writeHead(404).end();
      return { objects: page.map(({ id, at }) => ({ id, date_added: dateOf(at), version: "v" })) };
    }
    const [first, last] = [page[0], page.at(-1)].map((one) =>
      one === undefined ? undefined : dates(one.at),
    );
    if (first !== undefined) response.setHeader("X-TAXII-Date-Added-First", first);
    if (last !== undefined) response.setHeader("X-TAXII-Date-Added-Last", last);
    const isMore = chosen.length > page.length;
    const onward = next === "same-for-ever" ? "t" : String(Number(token ?? 0) + page.length);
    const end: Partial<Record<keyof EnvelopeEnd, unknown>> = isMore ? { more: dialect.more ?? true } : {};
    if (isMore && next !== "none") end.next = onward;
    return { ...end, objects: page.map(({ id }) => objectOf(id)) };
  };
}

export function objectOf(id: string, more: object = {}): object {
  return { type: "indicator", id, modified: "2026-01-01T00:00:00.000Z", ...more };
}

export function connectTo(url: string, more: Partial<ConnectionOptions> = {}): Connection {
  return new Connection({ url: new URL(url), fetch, limits: PULL_LIMITS, ...more });
}

/** All that a pull hands out. */
export async function pullAll(
  connection: Connection,
  options: Partial<PullOptions> = {},
): Promise<{ ids: string[]; leftOut: string[]; parts: PulledPart[] }> {
  const collection = { url: new URL("/root/collections/c/", connection.url), id: "c", title: "c" };
  const given = { from: {}, limit: 100, mostPages: 200, ...options };
  const parts = await Array.fromAsync(pullObjects(connection, collection, given));
  const idsOf = (key: "objects" | "leftOut") => parts.flatMap((part) => part[key].map(({ id }) => id ?? ""));
  return { ids: idsOf("objects"), leftOut: idsOf("leftOut"), parts };
}
