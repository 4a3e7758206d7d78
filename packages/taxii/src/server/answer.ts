import { timestampFromMicros } from "@suar/stix";
import { acceptsTaxii, isTaxii, TAXII_MEDIA_TYPE } from "../media-type.ts";
import { isObjectId } from "./object-id.ts";
import { parsePlace } from "./place.ts";
import { openNext, sealNext } from "./query-seal.ts";
import { readEnvelope } from "./read-envelope.ts";
import type { TaxiiAnswer, TaxiiRequest } from "./request.ts";
import { methodsOf, type Route, routeOf } from "./route.ts";
import { type MatchFields, readSelection, type Selection } from "./selection.ts";
import type { ApiRootInformation, Collection, TaxiiSource } from "./source.ts";
import { TaxiiError } from "./taxii-error.ts";
import { type PageKind, writePage } from "./write-page.ts";

export type ServerOptions = {
  /** Records of a page at most, whatever the client asks for. */
  mostRecords: number;
  /** Value of WWW-Authenticate (RFC 9110 §11.6.1). */
  challenge: string;
};

/**
 * Answers one request of TAXII 2.1; `caller` is undefined for who has not shown who it is. Never throws but for
 * errors of the source that are no TaxiiError.
 */
export async function answerTaxii<Caller>(
  source: TaxiiSource<Caller>,
  caller: Caller | undefined,
  request: TaxiiRequest,
  options: ServerOptions,
): Promise<TaxiiAnswer> {
  try {
    if (caller === undefined)
      throw new TaxiiError(401, "Show who you are", { headers: { "www-authenticate": options.challenge } });
    return await new Exchange(source, caller, request, options).answer();
  } catch (error) {
    if (!(error instanceof TaxiiError)) throw error;
    return refusal(error);
  }
}

/** §3.6.1; `http_status` is a string. */
export function refusal({ status, message, details, headers }: TaxiiError): TaxiiAnswer {
  const body = { title: message, http_status: String(status), ...(details && { details }) };
  return {
    status,
    headers: { "content-type": TAXII_MEDIA_TYPE, ...headers },
    body: JSON.stringify(body),
  };
}

const ALL_FIELDS: MatchFields = ["id", "type", "version", "spec_version"];
const BY_VERSION: MatchFields = ["version", "spec_version"];
const BY_SPEC: MatchFields = ["spec_version"];

class Exchange<Caller> {
  readonly #source: TaxiiSource<Caller>;
  readonly #caller: Caller;
  readonly #request: TaxiiRequest;
  readonly #options: ServerOptions;

  constructor(source: TaxiiSource<Caller>, caller: Caller, request: TaxiiRequest, options: ServerOptions) {
    this.#source = source;
    this.#caller = caller;
    this.#request = request;
    this.#options = options;
  }

  async answer(): Promise<TaxiiAnswer> {
    const { method, path, headers } = this.#request;
    const route = routeOf(path, this.#source.roots);
    if (route === undefined) throw this.#nowhere();
    const methods = methodsOf(route);
    if (!methods.includes(method))
      throw new TaxiiError(405, `This address takes ${methods.join(", ")}`, {
        headers: { allow: methods.join(", ") },
      });
    if (!acceptsTaxii(headers.accept)) throw new TaxiiError(406, `Answers are ${TAXII_MEDIA_TYPE}`);
    if (route.kind === "discovery") return json(await this.#source.discovery(this.#caller));
    const information = await this.#source.information(this.#caller, route.root);
    if (information === undefined) throw new TaxiiError(404, "There is no such API root");
    return await this.#inRoot(route, information);
  }

  /** §3.1: paths end with a slash; who leaves it out is shown the way. */
  #nowhere(): TaxiiError {
    const { path, query } = this.#request;
    if (path.endsWith("/") || routeOf(`${path}/`, this.#source.roots) === undefined)
      return new TaxiiError(404, "There is nothing at this address");
    const parameters = query.size === 0 ? "" : `?${query}`;
    const location = `${path.split("/").map(encodeURIComponent).join("/")}/${parameters}`;
    return new TaxiiError(308, "Addresses end with a slash", { headers: { location } });
  }

  async #inRoot(
    route: Exclude<Route, { kind: "discovery" }>,
    information: ApiRootInformation,
  ): Promise<TaxiiAnswer> {
    switch (route.kind) {
      case "root":
        return json(information);
      case "status": {
        const status = await this.#source.status(this.#caller, route.root, route.id);
        if (status === undefined) throw new TaxiiError(404, "There is no such status");
        return json(status);
      }
      case "collections": {
        const collections = await this.#source.collections(this.#caller, route.root);
        return json(collections.length === 0 ? {} : { collections });
      }
      default: {
        const all = await this.#source.collections(this.#caller, route.root);
        const collection = all.find(({ id, alias }) => id === route.collection || alias === route.collection);
        if (collection === undefined) throw new TaxiiError(404, "There is no such collection");
        return route.kind === "collection"
          ? json(collection)
          : await this.#inCollection(route, collection, information);
      }
    }
  }

  async #inCollection(
    route: Extract<Route, { collection: string }>,
    collection: Collection,
    information: ApiRootInformation,
  ): Promise<TaxiiAnswer> {
    if (this.#request.method === "POST") return await this.#add(route.root, collection, information);
    if (this.#request.method === "DELETE") return await this.#remove(route, collection);
    if (!collection.can_read) throw new TaxiiError(403, "You may not read this collection");
    switch (route.kind) {
      case "manifest":
        return await this.#page("manifest", route.root, collection, this.#select(ALL_FIELDS, false));
      case "objects":
        return await this.#page("objects", route.root, collection, this.#select(ALL_FIELDS, true));
      case "object": {
        const selection = { ...this.#select(BY_VERSION, true), ids: [await this.#known(route, collection)] };
        return await this.#page("objects", route.root, collection, selection);
      }
      case "versions": {
        const ids = [await this.#known(route, collection)];
        const selection = { ...this.#select(BY_SPEC, false), ids, versions: ["all"] };
        return await this.#page("versions", route.root, collection, selection);
      }
      default:
        throw new TaxiiError(404, "There is nothing at this address");
    }
  }

  async #page(
    kind: PageKind,
    root: string,
    collection: Collection,
    selection: Selection,
  ): Promise<TaxiiAnswer> {
    const asked = { ...selection, next: openNext(selection) };
    const found = await this.#source.page(this.#caller, root, collection, asked);
    const page = { ...found, next: found.next && sealNext(found.next, selection) };
    // §3.4 has no word for a page without records: what the client came from is what it may go on from.
    const from = timestampFromMicros(cameFrom(asked));
    const { first, last } = page.dates ?? { first: from, last: from };
    return {
      status: 200,
      headers: {
        "content-type": TAXII_MEDIA_TYPE,
        "x-taxii-date-added-first": first,
        "x-taxii-date-added-last": last,
      },
      body: writePage(kind, page),
    };
  }

  async #add(root: string, collection: Collection, information: ApiRootInformation): Promise<TaxiiAnswer> {
    if (!collection.can_write) throw new TaxiiError(403, "You may not write to this collection");
    if (!isTaxii(this.#request.headers["content-type"]))
      throw new TaxiiError(415, `Send ${TAXII_MEDIA_TYPE}`);
    const envelope = await readEnvelope(this.#request.body, information.max_content_length);
    return json(await this.#source.add(this.#caller, root, collection, envelope), 202);
  }

  /** §5.7: who may neither read nor write is told that there is nothing. */
  async #remove(route: Extract<Route, { collection: string }>, collection: Collection): Promise<TaxiiAnswer> {
    if (route.kind !== "object") throw new TaxiiError(404, "There is nothing at this address");
    if (!collection.can_read && !collection.can_write) throw new TaxiiError(404, "There is no such object");
    if (!collection.can_read || !collection.can_write)
      throw new TaxiiError(403, "Deleting takes the right to read and to write");
    const id = await this.#known(route, collection);
    const selection = { ...this.#select(BY_VERSION, false), ids: [id] };
    const isNamed = this.#request.query.has("match[version]");
    const versions = isNamed ? selection.versions : ["all"];
    await this.#source.remove(this.#caller, route.root, collection, { ...selection, versions });
    return { status: 200, headers: { "content-type": TAXII_MEDIA_TYPE }, body: undefined };
  }

  async #known(
    { root, id }: Extract<Route, { kind: "object" | "versions" }>,
    collection: Collection,
  ): Promise<string> {
    if (!isObjectId(id) || !(await this.#source.has(this.#caller, root, collection, id)))
      throw new TaxiiError(404, "There is no such object");
    return id;
  }

  #select(fields: MatchFields, bodies: boolean): Selection {
    return readSelection(this.#request.query, fields, { mostRecords: this.#options.mostRecords, bodies });
  }
}

function cameFrom({ addedAfter = 0n, next }: Selection): bigint {
  const before = next === undefined ? 0n : parsePlace(next).micros;
  return before > addedAfter ? before : addedAfter;
}

function json(value: object, status = 200): TaxiiAnswer {
  return { status, headers: { "content-type": TAXII_MEDIA_TYPE }, body: JSON.stringify(value) };
}
