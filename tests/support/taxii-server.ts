import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else's TAXII 2.1 server: one collection, of which a test says what is in it and how it answers. */
export type TaxiiServer = {
  /** Of its discovery. */
  url: string;
  port: number;
  pageSize: number;
  /** Queries of its objects, in the order in which they came. */
  asked: URLSearchParams[];
  authorizations: Set<string | undefined>;
  /** Adds objects, each a microsecond after the one before. */
  add(...objects: readonly object[]): void;
  /** Answers a request for objects as it should. */
  page(response: ServerResponse, query: URLSearchParams): void;
  /** Asked before it answers as it should: true where a test answers itself, or nothing at all. */
  answer(decide: (request: IncomingMessage, response: ServerResponse) => boolean): void;
  close(): Promise<void>;
};

const TYPE = "application/taxii+json;version=2.1";
const COLLECTION = {
  id: "9cfa669c-ee94-4ece-afd2-f8edac37d8fd",
  title: "Theirs",
  alias: "theirs",
  can_read: true,
};
const RESOURCES: Record<string, unknown> = {
  "/taxii2/": { title: "Theirs", default: "/root/", api_roots: ["/root/"] },
  "/root/": { title: "Root", versions: [TYPE], max_content_length: 1_000 },
  "/root/collections/": { collections: [COLLECTION] },
};
const OBJECTS = `/root/collections/${COLLECTION.id}/objects/`;

export async function startTaxiiServer(pageSize = 10): Promise<TaxiiServer> {
  const held: { at: string; object: object }[] = [];
  const asked: URLSearchParams[] = [];
  const authorizations = new Set<string | undefined>();
  let decide: Parameters<TaxiiServer["answer"]>[0] = () => false;
  const server = createServer((request, response) => {
    authorizations.add(request.headers.authorization);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://taxii");
    if (pathname === OBJECTS) asked.push(searchParams);
    if (decide(request, response)) return;
    if (pathname === OBJECTS) return sendPage(response, held, searchParams, shown.pageSize);
    const value = RESOURCES[pathname];
    response
      .writeHead(value === undefined ? 404 : 200, { "content-type": TYPE })
      .end(JSON.stringify(value ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = (server.address() as AddressInfo).port;
  const shown: TaxiiServer = {
    pageSize,
    url: `http://127.0.0.1:${at}/taxii2/`,
    port: at,
    asked,
    authorizations,
    add: (...objects) => {
      for (const object of objects)
        held.push({ at: `2026-02-01T00:00:00.${String(held.length).padStart(6, "0")}Z`, object });
    },
    page: (response, query) => sendPage(response, held, query, shown.pageSize),
    answer: (next) => {
      decide = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return shown;
}

function sendPage(
  response: ServerResponse,
  held: readonly { at: string; object: object }[],
  query: URLSearchParams,
  pageSize: number,
): void {
  const after = query.get("added_after") ?? "";
  const chosen = held.filter(({ at }) => at > after).slice(Number(query.get("next") ?? 0));
  const page = chosen.slice(0, pageSize);
  const isMore = chosen.length > page.length;
  const next = String(Number(query.get("next") ?? 0) + page.length);
  const [first, last] = [page[0]?.at, page.at(-1)?.at];
  response.writeHead(200, {
    "content-type": TYPE,
    ...(first && last && { "x-taxii-date-added-first": first, "x-taxii-date-added-last": last }),
  });
  const objects = page.map(({ object }) => object);
  response.end(JSON.stringify({ ...(isMore && { more: true, next }), ...(page.length > 0 && { objects }) }));
}
